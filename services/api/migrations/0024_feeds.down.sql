-- The way back from 0024_feeds.sql.
drop table api.feeds;
