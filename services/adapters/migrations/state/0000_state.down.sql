drop table state.entry;
