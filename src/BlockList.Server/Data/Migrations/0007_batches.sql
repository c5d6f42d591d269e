-- curation: which signature over many proposals opened an episode, and whether anything happened to it since: what taking an
-- import back would do is counted along an index, not by looking at every entry of it.

alter table curation.episode
  -- The signature of the import or batch and the place in it of the proposal that opened the episode; null where it came alone.
  add opened_under uuid references curation.assertion,
  add opened_leaf integer,
  -- Decided on after its proposal.
  add touched boolean not null default false;

update curation.episode e set
  opened_under = case when a.form = 'batch' or i.id is not null then d.assertion_id end,
  opened_leaf = case when a.form = 'batch' or i.id is not null then d.leaf end,
  touched = exists (select from curation.decision later where later.episode_id = e.id and later.id <> e.id)
from curation.decision d join curation.assertion a on a.id = d.assertion_id left join curation.import i on i.assertion_id = a.id where d.id = e.id;

alter table curation.episode
  add changed boolean not null generated always as (touched or closed_at is not null) stored,
  add constraint episode_place_in_batch check ((opened_under is null) = (opened_leaf is null));

create index episode_of_batch on curation.episode (opened_under, changed, opened_leaf) where opened_under is not null;

-- A part of a name among what somebody is at work on, and among what is over: a tenth of all names each, and few of them
-- have the part. Entries in force are too many to gain by it.
create index episode_open_name on curation.episode using gin (name house.gin_trgm_ops) where is_current and stage in ('review', 'disputed', 'suspended', 'withdrawn');
create index episode_over_name on curation.episode using gin (name house.gin_trgm_ops) where is_current and stage in ('lapsed', 'removed', 'declined');

-- Which entries of names fit is read along this index, without their rows.
drop index curation.episode_of_subject;
create index episode_of_subject on curation.episode (subject_id, list) include (is_current, stage, voters);

grant insert (opened_under, opened_leaf), update (touched) on curation.episode to blocklist_curation;
