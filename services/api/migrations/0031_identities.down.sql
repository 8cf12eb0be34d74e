-- The way back from 0031_identities.sql. Providers open nothing any more; what had no password gets one that nobody knows, and the way back by mail.
update api.users set password_hash = '$argon2id$v=19$m=19456,t=2,p=1$v8JzMCGBvKVTGfTvO/f5ran4kve2xwI3HNq3icZdHU8$bOD4qsowYEFiqMjCRBMz2ME2nkY8b0aNxJD7WxEvi/I'
  where password_hash is null;
alter table api.users alter column password_hash set not null;
drop table api.provider_flows, api.identities;
