"""Fills in what jinja2 gives for each template of jinja-cases.jsonl, with the settings of transformers.

The first line holds the variables. To add a case, append {"template": "..."} (and "trim": true for trim_blocks and lstrip_blocks)
and run `python3 make_jinja_cases.py` where jinja2 3.1.6 is installed.
"""
import copy
import datetime
import json
import pathlib
import warnings

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

# Where we differ on purpose, and why.
DIFFERENCES = {
    "{{ '\\N{BULLET}' }}": "no table of character names",
    "{{ (-8) ** 0.5 }}": "no complex numbers",
    "{{ 'abc'.center(none) }}": "None counts as an argument left out",
    "{{ strftime_now(format='%Y') }}": "the parameter has a name in transformers, not in this script",
    "{{ '<%s>'|safe|format('<') }}": "% does not escape for HTML",
    "{{ self is defined }}": "no template object",
    "{{ lipsum is defined }}": "no filler text",
    "{% autoescape false %}<{% endautoescape %}": "prompts are plain text",
}
REASONS = [
    ("[1:'a']", "jinja2 folds a failing slice of a constant to undefined"),
    ("{}[1:2]", "jinja2 folds a failing slice of a constant to undefined"),
    ("5[1:2]", "jinja2 folds a failing slice of a constant to undefined"),
    ("none[:]", "jinja2 folds a failing slice of a constant to undefined"),
    ("filesizeformat", "filter of no use in prompts"),
    ("striptags", "filter of no use in prompts"),
    ("urlencode", "filter of no use in prompts"),
    ("xmlattr", "filter of no use in prompts"),
    ("pprint", "filter of no use in prompts"),
    ("wordwrap", "filter of no use in prompts"),
    ("urlize", "filter of no use in prompts"),
    ("for a, in ", "jinja2 misses the in after a trailing comma"),
    ("'一'.isnumeric()", "numerals of Unihan are not known to .NET"),
]


class StoppedClock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2025, 7, 6, 3, 4, 5, 67000)


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


def environment(trim):
    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    result = ImmutableSandboxedEnvironment(trim_blocks=trim, lstrip_blocks=trim, extensions=[Generation, jinja2.ext.loopcontrols])
    result.filters["tojson"] = tojson
    result.globals["raise_exception"] = raise_exception
    result.globals["strftime_now"] = lambda f: StoppedClock.now().strftime(f)
    return result


def fill(row, variables):
    filled = {key: row[key] for key in ("template", "trim") if key in row}
    try:
        filled["expected"] = environment(row.get("trim", False)).from_string(row["template"]).render(**copy.deepcopy(variables))
        if " at 0x" in filled["expected"]:
            return None
    except Exception as error:
        filled["error"] = f"{type(error).__name__}: {error}"
    reason = DIFFERENCES.get(row["template"]) or next((why for part, why in REASONS if part in row["template"]), None)
    if reason:
        filled["difference"] = reason
    return filled


def main():
    assert jinja2.__version__ == "3.1.6", jinja2.__version__
    warnings.simplefilter("ignore")
    path = pathlib.Path(__file__).with_name("jinja-cases.jsonl")
    variables, *rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    filled = [variables] + [row for row in (fill(row, variables) for row in rows) if row]
    path.write_text("".join(json.dumps(row, ensure_ascii=True) + "\n" for row in filled), encoding="utf-8")
    print(len(filled) - 1, "cases")


if __name__ == "__main__":
    main()
