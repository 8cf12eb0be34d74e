/** Takes part in sharing slots until it is killed: arguments are the database's address and the purpose. */
import { connect } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import { shareSlots } from "../src/publish/slots/slots.ts";

const [url = "", purpose = ""] = process.argv.slice(2);
const slots = shareSlots({ sql: connect(url, { max: 1, name: "victim" }), purpose, log: silentLog });
while (slots.mine().length === 0) await Bun.sleep(5);
process.stdout.write(`${slots.mine().length}\n`);
