import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.learning import text
from credentials.learning.text import Text


@pytest.mark.parametrize("words", ["a < b and c > d", "<3 credits", "R&D", "نام\u200cخانوادگی", "Ἀθῆναι", "emoji 🎓"])
def test_plain_words_of_any_script_pass(words: str) -> None:
    assert text.fault(text.line(words)) is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("<b>bold</b>", "markup"),
        ("<img src=x onerror=alert(1)>", "markup"),
        ("<!-- x -->", "markup"),
        ("a\u202eb", "hidden_character"),
        ("a\u2066b", "hidden_character"),
        ("a\ufeffb", "hidden_character"),
        ("a\u0007b", "control_character"),
        ("a\ud800b", "control_character"),
    ],
)
def test_what_would_deceive_is_refused(words: str, code: str) -> None:
    fault = text.fault(words)
    assert fault is not None
    assert fault[0] == code


@given(st.text())
def test_cleaning_twice_changes_nothing(words: str) -> None:
    assert text.line(text.line(words)) == text.line(words)
    assert text.paragraphs(text.paragraphs(words)) == text.paragraphs(words)


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert text.line("Universita\u0300  di\u00a0Esempio\n") == "Università di Esempio"


def test_a_text_speaks_the_language_that_is_asked_for_or_english_or_any() -> None:
    words = Text.of({"it": "Titolo", "en": "Title"})

    assert (words.best("it"), words.best("fr"), words.best("fr", "it")) == ("Titolo", "Title", "Titolo")
    assert Text.of({"it": "Titolo"}).best("fr") == "Titolo"
    assert words == Text.of({"en": "Title", "it": "Titolo"})
