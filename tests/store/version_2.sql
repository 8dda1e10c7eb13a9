-- A store as schema version 2 wrote it: two organisations, a finished run and one that was cut off, a saved plan that
-- was used, a lease.
CREATE TABLE schema (version INTEGER NOT NULL, since_ns INTEGER NOT NULL);
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, organization TEXT NOT NULL, plan_digest TEXT NOT NULL, plan BLOB NOT NULL,
  manifest_commit TEXT NOT NULL, who TEXT NOT NULL, token INTEGER NOT NULL, started_ns INTEGER NOT NULL,
  ended_ns INTEGER, outcome TEXT NOT NULL DEFAULT '', override_reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX runs_by_organization ON runs (organization, id);
CREATE TABLE intents (
  organization TEXT NOT NULL, run INTEGER NOT NULL REFERENCES runs (id), seq INTEGER NOT NULL, key TEXT NOT NULL,
  action TEXT NOT NULL, token INTEGER NOT NULL, at_ns INTEGER NOT NULL, proposed_key TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (run, seq)
);
CREATE INDEX intents_by_proposed_key ON intents (organization, proposed_key);
CREATE TABLE results (
  organization TEXT NOT NULL, run INTEGER NOT NULL, seq INTEGER NOT NULL, outcome TEXT NOT NULL, text TEXT NOT NULL,
  revision TEXT NOT NULL, at_ns INTEGER NOT NULL, PRIMARY KEY (run, seq),
  FOREIGN KEY (run, seq) REFERENCES intents (run, seq)
);
CREATE TABLE consumed (
  organization TEXT NOT NULL, digest TEXT NOT NULL, run INTEGER NOT NULL REFERENCES runs (id), at_ns INTEGER NOT NULL,
  PRIMARY KEY (organization, digest)
);
CREATE TABLE drift (
  organization TEXT NOT NULL, fingerprint TEXT NOT NULL, first_seen_ns INTEGER NOT NULL,
  last_seen_ns INTEGER NOT NULL, resolved_ns INTEGER, PRIMARY KEY (organization, fingerprint, first_seen_ns)
);
CREATE TABLE leases (
  organization TEXT PRIMARY KEY, token INTEGER NOT NULL, held INTEGER NOT NULL, holder TEXT NOT NULL,
  host TEXT NOT NULL, pid INTEGER NOT NULL, since_ns INTEGER NOT NULL, process_start INTEGER NOT NULL DEFAULT 0
);
INSERT INTO schema VALUES (1, 1790000000000000000);
INSERT INTO schema VALUES (2, 1790000000000000000);
INSERT INTO runs VALUES (1, 'contoso', 'digest1', x'00ff', 'c0ffee', 'alice', 7, 1790000000000000000,
                         1790000060000000000, 'done', 'fire');
INSERT INTO runs VALUES (2, 'fabrikam', 'digest2', x'00ff', '', 'bob', 3, 1790000000000000000, NULL, '', '');
INSERT INTO intents VALUES ('contoso', 1, 1, 'key1', 'a0000001', 7, 1790000001000000000, 'key1');
INSERT INTO results VALUES ('contoso', 1, 1, 'done', '', 'r1', 1790000002000000000);
INSERT INTO intents VALUES ('fabrikam', 2, 1, 'key2', 'a0000002', 3, 1790000001000000000, 'key2');
INSERT INTO consumed VALUES ('contoso', 'file1', 1, 1790000000000000000);
INSERT INTO leases VALUES ('contoso', 7, 0, 'alice', 'host1', 1, 1790000000000000000, 0);
