"""Sealed text, the sealed field on a real table, and the blind index."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction

from governance_portal.lib.crypto import (
    SealedJSONField,
    Tampered,
    blind_index,
    blind_index_candidates,
    needs_rotation,
    seal,
    unseal,
)
from governance_portal.lib.keyring import keyring

OLD_KEY, NEW_KEY = "2025:the key of twenty twenty-five", "2026:the key of twenty twenty-six"
TEXT = '{"phone":"13812341234","name":"王小明"}'
ROW = "cases.party.contact:7f3c"


@pytest.fixture(autouse=True)
def _keys(settings: Any) -> None:
    settings.PORTAL_FIELD_KEYS = [NEW_KEY, OLD_KEY]
    settings.PORTAL_CIPHER = "aes-256-gcm"


# ── sealing ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("cipher", ["aes-256-gcm", "sm4-gcm"])
@pytest.mark.parametrize("text", [TEXT, "", "王", "x" * 100_000])
def test_what_is_sealed_opens_for_its_row(settings: Any, cipher: str, text: str) -> None:
    settings.PORTAL_CIPHER = cipher
    token = seal(text, ROW)
    assert unseal(token, ROW) == text
    assert len(token) == 3 + len(b"2026") + 12 + len(text.encode()) + 16
    assert not text or text.encode() not in token or len(text) < 4


def test_the_token_is_laid_out_as_documented(settings: Any) -> None:
    assert seal(TEXT, ROW)[:7] == b"\x01\x01\x042026"
    settings.PORTAL_CIPHER = "sm4-gcm"
    assert seal(TEXT, ROW)[:7] == b"\x01\x02\x042026"


def test_the_same_text_is_never_sealed_alike() -> None:
    assert len({seal(TEXT, ROW) for _ in range(50)}) == 50


@pytest.mark.parametrize("cipher", ["aes-256-gcm", "sm4-gcm"])
def test_any_flipped_bit_is_noticed(settings: Any, cipher: str) -> None:
    settings.PORTAL_CIPHER = cipher
    token = seal("王小明", ROW)
    opened = []
    for bit in range(len(token) * 8):
        flipped = bytearray(token)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            opened.append((bit, unseal(bytes(flipped), ROW)))
        except Tampered:
            continue
    assert opened == []


@pytest.mark.parametrize("row", ["cases.party.contact:7f3d", "cases.party.other:7f3c", "", ROW + " "])
def test_a_token_does_not_open_elsewhere(row: str) -> None:
    token = seal(TEXT, ROW)
    with pytest.raises(Tampered):
        unseal(token, row)


def test_a_token_cut_short_or_made_up_does_not_open() -> None:
    token = seal(TEXT, ROW)
    pieces = [token[:length] for length in range(len(token))]
    for made_up in [
        *pieces,
        token + b"\0",
        b"plain text in a sealed column",
        TEXT.encode(),
        b"\x01\x01\x02\xff\xfe" + b"0" * 40,
    ]:
        with pytest.raises(Tampered):
            unseal(made_up, ROW)


def test_a_key_of_the_same_name_with_another_secret_does_not_open(settings: Any) -> None:
    token = seal(TEXT, ROW)
    settings.PORTAL_FIELD_KEYS = ["2026:a secret somebody made up later"]
    with pytest.raises(Tampered):
        unseal(token, ROW)


def test_a_key_that_is_gone_is_named_for_the_operator(settings: Any) -> None:
    token = seal(TEXT, ROW)
    settings.PORTAL_FIELD_KEYS = [OLD_KEY]
    with pytest.raises(Tampered, match="not configured: '2026'"):
        unseal(token, ROW)


def test_old_keys_still_open_and_ask_for_rotation(settings: Any) -> None:
    settings.PORTAL_FIELD_KEYS = [OLD_KEY]
    old = seal(TEXT, ROW)
    settings.PORTAL_FIELD_KEYS = [NEW_KEY, OLD_KEY]
    new = seal(TEXT, ROW)
    assert (unseal(old, ROW), needs_rotation(old), needs_rotation(new)) == (TEXT, True, False)
    settings.PORTAL_CIPHER = "sm4-gcm"
    assert (unseal(new, ROW), needs_rotation(new)) == (TEXT, True)
    with pytest.raises(Tampered):
        needs_rotation(b"")


def test_without_keys_of_its_own_the_portal_uses_the_secret_key(settings: Any) -> None:
    settings.PORTAL_FIELD_KEYS = []
    settings.SECRET_KEY = "a secret key of the demo instance"
    token = seal(TEXT, ROW)
    assert (unseal(token, ROW), token[3:10]) == (TEXT, b"default")
    settings.SECRET_KEY = "another secret key altogether"
    with pytest.raises(Tampered):
        unseal(token, ROW)


def test_keys_of_different_purposes_differ() -> None:
    ring = keyring()
    derived = {
        ring.key(key_id, purpose) for key_id in ("2025", "2026") for purpose in ("seal/1", "index", "query-code")
    }
    assert len(derived) == 6


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        (["no colon in this one"], "entry 1 is not of the form id:secret"),
        ([NEW_KEY, ":the secret without an id"], "entry 2 is not of the form id:secret"),
        (["2026:short"], "secret of 2026 is under 16 characters"),
        ([NEW_KEY, NEW_KEY], "id 2026 is there twice"),
    ],
)
def test_malformed_keys_are_refused_without_quoting_them(settings: Any, keys: list[str], complaint: str) -> None:
    settings.PORTAL_FIELD_KEYS = keys
    with pytest.raises(ImproperlyConfigured, match=complaint) as raised:
        keyring()
    assert "short" not in str(raised.value)


def test_an_unknown_cipher_is_refused(settings: Any) -> None:
    settings.PORTAL_CIPHER = "rot13"
    with pytest.raises(ImproperlyConfigured, match="aes-256-gcm, sm4-gcm"):
        seal(TEXT, ROW)


# ── looking people up ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "writings"),
    [
        (
            "phone",
            [
                *["13812341234", "138 1234 1234", "138-1234-1234", "+86 13812341234", "8613812341234"],
                *["008613812341234", "１３８１２３４１２３４", "＋８６－138—1234—1234", " 138\u30001234\u00a01234 "],
            ],
        ),
        ("phone", ["0349-2021234", "(0349)2021234", "（0349）２０２１２３４", "0349 2021234"]),
        (
            "id_number",
            [
                *["14060319900101123X", "14060319900101123x", "１４０６０３１９９００１０１１２３Ｘ"],
                "140603 19900101 123x",
            ],
        ),
        ("name", ["王小明", " 王小明 "]),
    ],
)
def test_writings_of_the_same_value_have_one_index(kind: str, writings: list[str]) -> None:
    assert len({blind_index(kind, writing) for writing in writings}) == 1


def test_an_index_is_32_hex_digits_and_differs_by_kind_value_and_key(settings: Any) -> None:
    found = [
        blind_index("phone", "13812341234"),
        blind_index("phone", "13812341235"),
        blind_index("name", "13812341234"),
    ]
    settings.PORTAL_FIELD_KEYS = [OLD_KEY]
    found.append(blind_index("phone", "13812341234"))
    assert len(set(found)) == 4
    assert [len(index) for index in found] == [32] * 4
    assert set("".join(found)) <= set("0123456789abcdef")


def test_nobody_without_a_phone_is_taken_for_somebody_else_without_one() -> None:
    assert [blind_index("phone", text) for text in ("", " ", "-", "不详")] == [""] * 4
    assert blind_index_candidates("phone", "不详") == ()


def test_during_a_rotation_a_person_is_found_by_both_indexes(settings: Any) -> None:
    settings.PORTAL_FIELD_KEYS = [OLD_KEY]
    old = blind_index("phone", "13812341234")
    settings.PORTAL_FIELD_KEYS = [NEW_KEY, OLD_KEY]
    new = blind_index("phone", "13812341234")
    settings.PORTAL_CIPHER = "sm4-gcm"
    of_sm3 = blind_index("phone", "13812341234")
    assert blind_index_candidates("phone", "138-1234-1234")[0] == of_sm3
    assert {old, new, of_sm3} <= set(blind_index_candidates("phone", "138-1234-1234"))
    assert len({old, new, of_sm3}) == 3


# ── the field ───────────────────────────────────────────────────────────────────────────────────────────────────


class Letter(models.Model):
    """A throw-away table with a required and an optional sealed field."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    contact = SealedJSONField()
    more = SealedJSONField(null=True, bound_to="uid")
    note = models.CharField(max_length=50, default="", blank=True)

    class Meta:
        app_label = "lib_letters"


@pytest.fixture(scope="module")
def _table(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Letter)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(Letter)


@pytest.fixture
def letters(_table: None, db: None) -> Any:
    return Letter.objects


WANG = {"name": "王小明", "phone": "13812341234", "tags": ["常住", 3, None, {"深": True}]}


def stored(pk: int | None, column: str = "contact") -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM lib_letters_letter WHERE id = %s", [pk])
        return bytes(cursor.fetchone()[0])


def test_a_dict_comes_back_as_a_plain_dict_and_lies_sealed_in_the_table(letters: Any) -> None:
    pk = letters.create(contact=WANG).pk
    found = letters.get(pk=pk)
    assert (found.contact, type(found.contact), found.more) == (WANG, dict, None)
    assert "王小明".encode() not in stored(pk)
    assert b"13812341234" not in stored(pk)


def test_the_token_is_bound_to_model_field_and_row(letters: Any) -> None:
    letter = letters.create(contact=WANG)
    assert json.loads(unseal(stored(letter.pk), f"lib_letters.letter.contact:{letter.uid}")) == WANG


def test_many_are_sealed_at_once(letters: Any) -> None:
    letters.bulk_create([Letter(contact={"name": name}) for name in ("王", "李", "赵")])
    assert [letter.contact for letter in letters.order_by("pk")] == [{"name": "王"}, {"name": "李"}, {"name": "赵"}]


def test_a_change_inside_the_dict_is_kept(letters: Any) -> None:
    letter = letters.create(contact={"name": "王"})
    found = letters.get(pk=letter.pk)
    found.contact["phone"] = "13812341234"
    found.save(update_fields=["contact"])
    letter.refresh_from_db()
    assert letter.contact == {"name": "王", "phone": "13812341234"}


def test_a_row_saved_without_looking_keeps_its_token(letters: Any) -> None:
    pk = letters.create(contact=WANG).pk
    before = stored(pk)
    found = letters.get(pk=pk)
    found.note = "看过"
    found.save()
    assert (stored(pk), letters.get(pk=pk).note) == (before, "看过")


def test_it_is_opened_once_and_only_when_read(letters: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    letters.create(contact=WANG)
    opened: list[str] = []
    monkeypatch.setattr(
        "governance_portal.lib.crypto.unseal", lambda token, aad: opened.append(aad) or unseal(token, aad)
    )
    found = letters.get()
    assert opened == []
    assert found.contact is found.contact
    assert len(opened) == 1


def test_deferred_and_only_load_it_when_asked(letters: Any, django_assert_num_queries: Any) -> None:
    pk = letters.create(contact=WANG).pk
    with django_assert_num_queries(1):
        assert letters.only("uid", "contact").get(pk=pk).contact == WANG
    deferred = letters.defer("contact").get(pk=pk)
    assert "contact" in deferred.get_deferred_fields()
    assert deferred.contact == WANG
    deferred.note = "不动联系方式"
    deferred.save()
    assert letters.only("contact").get(pk=pk).contact == WANG


def test_a_deferred_field_is_not_touched_by_a_save(letters: Any) -> None:
    pk = letters.create(contact=WANG).pk
    before = stored(pk)
    deferred = letters.defer("contact").get(pk=pk)
    deferred.save()
    assert stored(pk) == before


def test_values_and_the_dump_hold_tokens_only(letters: Any) -> None:
    pk = letters.create(contact=WANG, more={"id_number": "140603199001011234"}).pk
    assert letters.values_list("contact", flat=True).get(pk=pk) == stored(pk)
    dump = serializers.serialize("json", letters.all())
    assert "王小明" not in dump
    assert "140603199001011234" not in dump
    row = json.loads(dump)[0]["fields"]
    letters.all().delete()
    field = Letter._meta.get_field("contact")
    Letter(uid=uuid.UUID(row["uid"]), contact=field.to_python(row["contact"])).save()
    assert letters.get().contact == WANG


def test_a_token_moved_to_another_row_or_column_does_not_open(letters: Any) -> None:
    wang, li = letters.create(contact=WANG), letters.create(contact={"name": "李四"}, more={"a": 1})
    letters.filter(pk=li.pk).update(contact=stored(wang.pk))
    with pytest.raises(Tampered):
        _ = letters.get(pk=li.pk).contact
    letters.filter(pk=li.pk).update(contact=stored(li.pk, "more"))
    with pytest.raises(Tampered):
        _ = letters.get(pk=li.pk).contact
    letters.filter(pk=li.pk).update(contact=b"")
    with pytest.raises(Tampered):
        _ = letters.get(pk=li.pk).contact


def test_a_copied_row_does_not_take_its_token_along_unnoticed(letters: Any) -> None:
    letters.create(contact=WANG)
    unread = letters.get()
    unread.pk, unread.uid, unread._state.adding = None, uuid.uuid4(), True
    with pytest.raises(Tampered), transaction.atomic():
        unread.save()
    read = letters.get()
    assert read.contact == WANG
    read.pk, read.uid, read._state.adding = None, uuid.uuid4(), True
    read.save()
    assert [letter.contact for letter in letters.all()] == [WANG, WANG]


def test_a_dict_in_an_update_is_refused_because_it_could_not_be_bound(letters: Any) -> None:
    letter = letters.create(contact=WANG)
    with pytest.raises(TypeError, match="seal_for"), transaction.atomic():
        letters.update(contact={"name": "李四"})
    with pytest.raises(TypeError, match="seal_for"), transaction.atomic():
        letters.bulk_update([letter], ["contact"])
    with pytest.raises(TypeError, match="seal_for"):
        letters.filter(contact=WANG).exists()
    assert letters.get().contact == WANG


def test_rotation_replaces_the_token_and_not_the_content(letters: Any, settings: Any) -> None:
    settings.PORTAL_FIELD_KEYS = [OLD_KEY]
    pk = letters.create(contact=WANG).pk
    settings.PORTAL_FIELD_KEYS = [NEW_KEY, OLD_KEY]
    field = Letter._meta.get_field("contact")
    letter = letters.get(pk=pk)
    assert needs_rotation(field.token_of(letter)) is True
    letters.filter(pk=pk, contact=field.token_of(letter)).update(contact=field.seal_for(letter, letter.contact))
    settings.PORTAL_FIELD_KEYS = [NEW_KEY]
    assert (letters.get(pk=pk).contact, needs_rotation(stored(pk))) == (WANG, False)


def test_only_dicts_of_json_values_are_taken() -> None:
    for wrong in ("王小明", ["王"], 3):
        with pytest.raises(TypeError, match="contact holds a dict"):
            Letter(contact=wrong)
    field = Letter._meta.get_field("contact")
    with pytest.raises(TypeError):
        field.seal_for(Letter(), {"when": uuid.uuid4()})
    with pytest.raises(ValueError, match="uid must be set"):
        field.seal_for(Letter(uid=None), WANG)


def test_a_new_row_starts_with_an_empty_dict_of_its_own() -> None:
    one, other = Letter(), Letter()
    one.contact["name"] = "王"
    assert (one.contact, other.contact, one.more) == ({"name": "王"}, {}, None)


def test_validation_leaves_it_as_it_is(letters: Any) -> None:
    letter = letters.create(contact=WANG)
    letter.full_clean()
    found = letters.get()
    found.full_clean()
    assert (letter.contact, found.contact) == (WANG, WANG)


def test_it_is_not_editable_and_migrations_can_write_it_down() -> None:
    field = Letter._meta.get_field("contact")
    assert (field.editable, field.get_internal_type()) == (False, "BinaryField")
    assert field.deconstruct() == ("contact", "governance_portal.lib.crypto.SealedJSONField", [], {})
    bound = SealedJSONField(bound_to="number", null=True)
    assert bound.deconstruct()[3] == {"null": True, "bound_to": "number"}
    again = SealedJSONField(**bound.deconstruct()[3])
    assert again.bound_to == "number"
