"""The elements of Telegram Desktop's pages, laid out as the exporter lays them out.  Pure."""

BODY = 'div class="body"'
_ESCAPED = {
    "\n": "<br>",
    '"': "&quot;",
    "&": "&amp;",
    "'": "&apos;",
    "<": "&lt;",
    ">": "&gt;",
    # The exporter breaks the line there and leaves two bytes of the letter behind.
    "\u2028": "<br>\udc80\udca8",
    "\u2029": "<br>\udc80\udca9",
}
HEAD = """<!DOCTYPE html>
<html>

 <head>

  <meta charset="utf-8"/>
<title>Exported Data</title>
  <meta content="width=device-width, initial-scale=1.0" name="viewport"/>

  <link href="css/style.css" rel="stylesheet"/>

 </head>

 <body onload="CheckLocation();">

  <div class="page_wrap">

   <div class="page_header">

    <div class="content">

     <div class="text bold">
{title}
     </div>

    </div>

   </div>

   <div class="page_body chat_page">

    <div class="history">
"""
TAIL = """
    </div>

   </div>

  </div>

 </body>

</html>
"""


def element(depth: int, opening: str, *inside: str) -> str:
    """Write an element as the exporter lays it out."""
    indent = " " * depth
    name = opening.split(maxsplit=1)[0]
    return f"\n{indent}<{opening}>\n{''.join(inside)}\n{indent}</{name}>\n"


def named(name: str) -> str:
    """Write first and last name with a space between, whether or not there is a last one."""
    return escaped(name) if " " in name else f"{escaped(name)} "


def escaped(text: str) -> str:
    """Write text as the exporter does: a line end as a tag, a control as a reference."""
    return "".join(
        f"&#x{ord(letter):02X};"
        if letter < " " and letter != "\n"
        else _ESCAPED.get(letter, letter)
        for letter in text
    )


def encoded(page: str) -> bytes:
    """Give a page as bytes, those left behind of a letter as they are."""
    return page.encode("utf-8", "surrogateescape")


def face(who: str) -> str:
    """Write the picture of somebody who reacted."""
    initials = f'div class="initials" style="line-height: 20px" title="{escaped(who)}"'
    return element(10, 'div class="userpic userpic1"', element(11, initials, who[0]))


def wrapped(inside: str) -> str:
    """Write what surrounds everything a message carries."""
    return element(7, 'div class="media_wrap clearfix"', inside)


def generic(sort: str, title: str, about: str, status: str, *, href: str | None = None) -> str:
    """Write what a message carries as a box with a title, words about it and a status."""
    tag, link = ("div", "") if href is None else ("a", f' href="{escaped(href)}"')
    parts = (("title bold", title), ("description", about), ("status details", status))
    body = "".join(
        element(10, f'div class="{name}"', escaped(words)) for name, words in parts if words
    )
    inside = element(9, 'div class="fill pull_left"') + element(9, BODY, body)
    return wrapped(element(8, f'{tag} class="media clearfix pull_left media_{sort}"{link}', inside))


def poll(question: str) -> str:
    """Write a poll with two answers."""
    answers = "".join(
        element(9, 'div class="answer"', f'- {one} <span class="details">1 vote</span>')
        for one in ("Tea", "Coffee")
    )
    asked = element(9, 'div class="question bold"', question)
    about = element(9, 'div class="details"', "Anonymous poll")
    total = element(9, 'div class="total details"', "2 votes")
    return wrapped(element(8, 'div class="media_poll"', asked, about, answers, total))
