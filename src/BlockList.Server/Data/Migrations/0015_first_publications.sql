-- publishing: the episodes of one version that were never published before share a row of the ledger. Each had a row of its own,
-- and a list of a million entries begins with a million of them.

drop index publishing.ledger_first_publication;
alter table publishing.ledger
  drop constraint ledger_row_of_an_episode,
  add constraint ledger_row_of_an_episode check (case kind
    when 'decision' then episode_id is not null
    when 'first_publication' then (episode_id is null) = (statement is not null and octet_length(statement) between 16 and 65536 and octet_length(statement) % 16 = 0)
    else episode_id is null end),
  add constraint ledger_statement_has_its_hash check ((statement is null) = (statement_sha256 is null));

-- Files are hashes, signatures and lists of names: to try to compress them once more takes longer than writing them.
alter table publishing.file
  alter content set storage external,
  alter brotli set storage external,
  alter gzip set storage external;
