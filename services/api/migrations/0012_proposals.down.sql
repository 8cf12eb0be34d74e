-- The way back from 0012_proposals.sql.
drop table api.proposals;
