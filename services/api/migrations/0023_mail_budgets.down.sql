-- The way back from 0023_mail_budgets.sql.
drop table api.mail_grants, api.stopped_addresses;
