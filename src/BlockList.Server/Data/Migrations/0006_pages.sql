-- What pages need with a million entries, as tools/bench pages measures it.

-- A part that many names share is looked for along the random handles, where such names are spread evenly; with the text
-- in the index no row is visited that does not fit.
create index subject_by_handle on curation.subject (id) include (search);
-- A part of a name within a state is looked for in that state's range alone, with the name that the index has; only names
-- with an A-label need their row.
drop index curation.episode_by_stage;
create index episode_by_stage on curation.episode (list, stage, voters, name, scope) include (subject_id) where is_current;
