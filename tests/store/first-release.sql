-- A row or two in every table of the first release, as it wrote them.
PRAGMA foreign_keys = ON;
INSERT INTO programme_version VALUES
    (7, '2026-05-18 12:00:00.000000', 'page.txt', 'abc', 'page-text/1', NULL, NULL),
    (8, '2026-05-18 12:00:00.000000', 'next.json', 'def', 'page-text/1', 41, '1 paper added');
INSERT INTO programme_current VALUES (1, 8, 7);
INSERT INTO session VALUES (8, 'posters', 0, 1, 'Session', 'Posters', NULL, NULL, NULL);
INSERT INTO paper VALUES (8, 'caching', 'posters', 0, 4, 'Caching', 'Words.', NULL, NULL);
INSERT INTO byline VALUES (8, 'caching', 0, 'Ada Lovelace'), (8, 'caching', 1, '');
INSERT INTO link VALUES (8, 'caching', 0, 'PDF', 'https://example.org/1.pdf');
INSERT INTO problem VALUES (8, 0, 5, 'action', 'One slot is blank.');
INSERT INTO correction VALUES ('paper', 'caching', 'title', 'Caches', 'Caching', 41, '2026-05-18 12:00:00.000000');
INSERT INTO change VALUES (3, '2026-05-18 12:00:00.000000', '{"news": [], "papers": {}}', 0);
INSERT INTO audit VALUES
    (1, '2026-05-18 12:00:00.000000', 41, 'programme reload', 'next.json', 'version 7', 'version 8');
INSERT INTO asked VALUES ('314b83448c', 'kv cache', NULL, NULL, '2026-05-18 12:00:00.000000');
INSERT INTO bookmark VALUES (9, 'caching', '2026-05-18 12:00:00.000000');
INSERT INTO wish VALUES (9, 15, 0, 0);
INSERT INTO delivery (key, kind, target_id, subject, starts_at, due_at, useful_until, state, attempts, batch,
                      claimed_at, claimed_until, message_id, sent_at) VALUES
    ('reminder:7:posters:10', 'reminder', 7, 'posters', '2026-05-18 12:00:00.000000', '2026-05-18 11:50:00.000000',
     '2026-05-18 14:00:00.000000', 'sent', 1, 'a-batch', '2026-05-18 11:50:00.000000', '2026-05-18 11:51:00.000000',
     555, '2026-05-18 11:50:01.000000');
INSERT INTO delivery (key, kind, target_id, subject, starts_at, due_at, useful_until, state, attempts) VALUES
    ('announcement:7:1', 'announcement', 7, '1', '2026-05-18 12:00:00.000000', '2026-05-18 12:00:00.000000',
     '2026-05-18 14:00:00.000000', 'planned', 0);
INSERT INTO announcement VALUES
    (1, 'Lunch', 'In hall B.', NULL, NULL, 'Attendees', '2026-05-18 12:00:00.000000', 41,
     '2026-05-18 12:00:00.000000', NULL, 0);
