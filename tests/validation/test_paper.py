"""A document says the same as Markdown and as a page, whatever its words hold."""

from witnessbox.validation.paper import Heading, Items, Look, Table, Words, as_markdown, as_page

PARTS = (
    Heading(1, "A pack"),
    Words("One <b> & two."),
    Items(("three",)),
    Items(()),
    Table(("", "a|b"), (("row", "c|d"), ("other", "<e>"))),
)


def test_markdown_keeps_its_cells_apart() -> None:
    assert as_markdown(PARTS) == (
        "# A pack\n\nOne <b> & two.\n\n- three\n\nNone.\n\n"
        "|  | a\\|b |\n|---|---|\n| row | c\\|d |\n| other | <e> |\n"
    )


def test_a_page_takes_no_word_for_markup_and_needs_no_other_file() -> None:
    page = as_page(PARTS, "A & B", '</style> "x"\\\n')
    assert page.count("</style>") == 1
    assert r'content:"\3c \2f style\3e  \22 x\22 \5c \a "' in page
    assert "<title>A &amp; B</title>" in page
    assert "<h1>A pack</h1>\n<p>One &lt;b&gt; &amp; two.</p>" in page
    assert "<ul>\n<li>three</li>\n</ul>\n<p>None.</p>" in page
    assert '<tr><th scope="row">row</th><td>c|d</td></tr>' in page
    assert "&lt;e&gt;" in page
    assert "src=" not in page
    assert "http" not in page


def test_a_table_looks_like_what_it_is_for_and_long_words_are_set_apart() -> None:
    cells = ("row", "0f" * 32, "one/very/long/path/of/many/parts")
    page = as_page([Table(("", "a", "b"), (cells,), Look.SIGNED)], "A", "B")
    assert f'<td class="long">{cells[2]}</td>' in page
    assert '<table class="signed">' in page
    assert f'<td class="hash">{"0f" * 32}</td>' in page
