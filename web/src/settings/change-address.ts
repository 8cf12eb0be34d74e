import { Problem } from "@carillon/kit/service";
import { field } from "../door/form.ts";
import { seeOtherWith, type Visit } from "../door/visit.ts";
import { fieldErrors } from "../ui/field-errors.ts";
import { settingsPage } from "./settings-page.tsx";

const places = {
  new_email: { field: "new_email", label: "The new address" },
  password: { field: "address_password", label: "The password" },
};

/** What a person can put right at the form. */
const mendable = ["invalid", "malformed", "too_many_requests"];

/** `POST /settings/address`: a link to the new address confirms it. */
export async function changeAddress(visit: Visit): Promise<Response> {
  const newEmail = field(visit.form, "new_email").trim();
  try {
    await visit.api.changeEmail({ new_email: newEmail, password: field(visit.form, "address_password") });
  } catch (error) {
    if (!(error instanceof Problem) || !mendable.includes(error.code)) throw error;
    const errors = fieldErrors(error, places);
    return settingsPage(visit, {
      returned: { section: "address", new_email: newEmail, errors },
      status: error.status,
    });
  }
  const text = `A link is on its way to ${newEmail}. Open it, and that is your address.`;
  return seeOtherWith("/settings#address", { text }, visit);
}

/** `POST /settings/address/resend`. */
export async function resendProof(visit: Visit): Promise<Response> {
  try {
    await visit.api.resendProof();
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "too_many_requests") throw error;
    const text = "Three links were sent within the hour. Look among unwanted mail, or try again later.";
    return seeOtherWith("/settings#address", { text }, visit);
  }
  return seeOtherWith("/settings#address", { text: `The link is on its way to ${visit.user.email}.` }, visit);
}
