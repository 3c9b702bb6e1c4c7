-- Three versions of a programme as revision 0008 wrote them, with what was corrected, bookmarked and told.
PRAGMA foreign_keys = ON;
INSERT INTO programme_version VALUES
    (1, '2026-05-17 08:00:00.000000', 'page.txt', 'aaa', 'page-text/1', NULL, NULL),
    (2, '2026-05-17 09:00:00.000000', 'next.json', 'bbb', 'json/1', 41, '1 paper added'),
    (3, '2026-05-18 12:00:00.000000', 'next.csv', 'ccc', 'csv/1', 42, '1 session added');
INSERT INTO programme_current VALUES (1, 3, 2);
INSERT INTO session VALUES
    (1, 'posters', 0, 1, 'Session', 'Posters', 'Hall', NULL, NULL),
    (2, 'posters', 0, NULL, 'Session', 'Posters', 'Hall', '2026-05-18 18:00:00.000000', '2026-05-18 20:00:00.000000'),
    (3, 'talks', 1, 7, 'Oral', 'Talks', NULL, '2026-05-19 09:00:00.000000', NULL),
    (3, 'posters', 0, 2, 'Session', 'Posters', 'Hall', '2026-05-18 18:00:00.000000', '2026-05-18 20:00:00.000000'),
    (3, 'lunch', 2, 9, '', 'Lunch', NULL, NULL, NULL);
INSERT INTO paper VALUES
    (1, 'caching', 'posters', 0, 4, 'Caching', 'Words.', NULL, NULL),
    (2, 'caching', 'posters', 1, NULL, 'Caching', 'Words.', '2', NULL),
    (2, 'batching', 'posters', 0, NULL, 'Batching', NULL, '1', 'b'),
    (3, 'batching', 'talks', 0, 8, 'Batching', NULL, NULL, 'b'),
    (3, 'zero', 'posters', 0, 3, NULL, 'No title.', 'P-7', NULL),
    (3, 'caching', 'posters', 1, 4, 'Caching', 'Words.', '12', 'c');
INSERT INTO byline VALUES
    (1, 'caching', 0, 'Ada Lovelace'),
    (2, 'caching', 0, 'Ada Lovelace'), (2, 'caching', 1, ''),
    (3, 'caching', 0, ''), (3, 'caching', 1, 'Ada Lovelace'), (3, 'caching', 2, ''),
    (3, 'batching', 0, 'Bo Li');
INSERT INTO link VALUES
    (3, 'caching', 1, 'Code "1"', 'https://example.org/code'), (3, 'caching', 0, 'PDF', 'https://example.org/ä.pdf'),
    (2, 'batching', 0, '', 'https://example.org/b');
INSERT INTO problem VALUES (3, 0, 5, 'action', 'One slot is blank.');
INSERT INTO correction VALUES
    ('paper', 'caching', 'number', '13', '12', 41, '2026-05-18 12:00:00.000000'),
    ('paper', 'zero', 'title', 'Zero', NULL, 41, '2026-05-18 12:01:00.000000'),
    ('session', 'talks', 'room', 'Attic', NULL, 42, '2026-05-18 12:02:00.000000');
INSERT INTO bookmark VALUES
    (9, 'caching', '2026-05-18 12:00:00.000000'), (9, 'batching', '2026-05-18 12:00:00.000000'),
    (8, 'zero', '2026-05-18 12:00:00.000000');
INSERT INTO wish VALUES (9, 15, 0, 0);
INSERT INTO change VALUES (3, '2026-05-18 12:00:00.000000', '{"news": [], "papers": {}}', 0);
INSERT INTO audit VALUES
    (1, '2026-05-18 12:00:00.000000', 41, 'programme fix paper', 'number of caching', 'version 3', 'version 3');
INSERT INTO introduction VALUES (77, '2026-05-17 08:00:00.000000');
