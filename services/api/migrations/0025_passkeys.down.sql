-- The way back from 0025_passkeys.sql. Passkeys are gone; passwords open as before.
drop table api.passkey_sign_ins, api.passkey_starts, api.passkeys;
