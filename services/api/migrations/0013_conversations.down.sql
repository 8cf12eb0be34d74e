-- The way back from 0013_conversations.sql.
drop table api.messages;
drop table api.conversations;
drop table api.chat_usage;
