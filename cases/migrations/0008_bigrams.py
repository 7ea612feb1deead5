"""The database keeps the bigrams of every text that is searched: GIN on PostgreSQL, a table of FTS5 on SQLite."""

from django.db import migrations

from governance_portal.lib.migrating import statements

# Window functions, not substr(text, i, 2): that would walk the text from its beginning for every pair.
# The cost is told high, so that the planner asks the index and never works the pairs out row by row; and unsafe in
# parallel, because two workers then seem worth their while: starting them took longer than the answer.
POSTGRESQL = (
    """CREATE FUNCTION cases_bigrams(plain text) RETURNS text[] LANGUAGE sql
       IMMUTABLE STRICT PARALLEL UNSAFE COST 10000 AS $$
       SELECT coalesce(array_agg(pair), '{}') FROM (
         SELECT letter || lead(letter) OVER (ORDER BY place) AS pair
         FROM unnest(string_to_array(plain, NULL)) WITH ORDINALITY AS letters(letter, place)
       ) AS pairs WHERE pair NOT LIKE '% %' $$""",
    # New texts wait in a list that every search reads too: a quarter of PostgreSQL's usual length.
    """CREATE INDEX search_bigrams ON cases_searchtext USING gin (cases_bigrams(text))
       WITH (gin_pending_list_limit = 1024)""",
    # ANALYZE would work the pairs of many thousand texts out to learn what `cases.search` finds out by asking.
    "ALTER INDEX search_bigrams ALTER COLUMN 1 SET STATISTICS 0",
)
POSTGRESQL_BACK = ("DROP INDEX search_bigrams", "DROP FUNCTION cases_bigrams(text)")
# A token is the pair's UTF-8 in hexadecimal: FTS5's own tokenizers would take Chinese apart or lump it together.
PAIRS = """(WITH RECURSIVE place(pair, rest) AS (
       SELECT substr({row}.text, 1, 2), substr({row}.text, 2)
       UNION ALL SELECT substr(rest, 1, 2), substr(rest, 2) FROM place WHERE rest <> '')
     SELECT coalesce(group_concat(hex(pair), ' '), '') FROM place WHERE length(pair) = 2 AND instr(pair, ' ') = 0)"""
ADD = f"INSERT INTO cases_searchgrams (rowid, grams) VALUES (new.case_id, {PAIRS.format(row='new')});"  # noqa: S608
# Contentless FTS5 forgets a row when told what it held (contentless_delete needs SQLite 3.43; Debian 12 has 3.40).
TAKE = (
    "INSERT INTO cases_searchgrams (cases_searchgrams, rowid, grams) "  # noqa: S608
    f"VALUES ('delete', old.case_id, {PAIRS.format(row='old')});"
)
SQLITE = (
    """CREATE VIRTUAL TABLE cases_searchgrams
       USING fts5(grams, content='', columnsize=0, detail=none, tokenize='ascii')""",
    f"CREATE TRIGGER cases_search_added AFTER INSERT ON cases_searchtext BEGIN {ADD} END",
    f"CREATE TRIGGER cases_search_taken AFTER DELETE ON cases_searchtext BEGIN {TAKE} END",
    f"""CREATE TRIGGER cases_search_changed AFTER UPDATE OF text ON cases_searchtext
        WHEN new.text <> old.text BEGIN {TAKE} {ADD} END""",
)
SQLITE_BACK = (
    "DROP TRIGGER cases_search_changed",
    "DROP TRIGGER cases_search_taken",
    "DROP TRIGGER cases_search_added",
    "DROP TABLE cases_searchgrams",
)

BIGRAMS = statements(postgresql=POSTGRESQL, postgresql_back=POSTGRESQL_BACK, sqlite=SQLITE, sqlite_back=SQLITE_BACK)


class Migration(migrations.Migration):
    replaces = [("cases", "0009_search")]
    dependencies = [("cases", "0007_signed_bulletins")]

    operations = [BIGRAMS]
