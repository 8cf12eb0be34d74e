-- The way back from 0020_second_factors.sql. Sign-in asks for the password alone then.
drop table api.challenges, api.recovery_codes, api.totp;
