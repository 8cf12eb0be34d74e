export { getZonesRoute } from "./get-zones.ts";
export { keepSeated } from "./keep-seated.ts";
export { withSeats } from "./with-seats.ts";
