export { folderMailer } from "./folder.ts";
export { MailFailure } from "./mail-failure.ts";
export { resendMailer } from "./resend.ts";
export { smtpMailer } from "./smtp.ts";
