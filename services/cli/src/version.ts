import { version as ofPackage } from "../package.json" with { type: "json" };

export const version: string = ofPackage;
