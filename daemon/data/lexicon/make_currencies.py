#!/usr/bin/env python3
"""Writes currencies.tsv of every language and common/currency-codes.tsv.

  make_currencies.py CLDR_MAIN LANGUAGE...

CLDR_MAIN is the folder `main` of the npm package cldr-numbers-full (Unicode
licence); the codes are those of Debian's iso-codes. What the files cannot
know (bare names, slang, subunits) is in currency-words.tsv, kept by hand.
"""
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ISO = "/usr/share/iso-codes/json/iso_4217.json"
# Funds, metals and test codes are no currencies that an article counts in.
SKIP = set("BOV CHE CHW CLF COU MXV USN UYI UYW XAG XAU XBA XBB XBC XBD XDR XPD"
           " XPT XSU XTS XUA XXX XRE XFO XFU XEU".split())
# Past codes that news still names.
HISTORIC = "ATS BEF DEM ESP FIM FRF GRD IEP ITL LUF NLG PTE EEK LVL LTL SKK SIT MTL CYP HRK".split()
EXTRA = ["BTC", "RMB", "ETH", "CNH"]
# Codes that are also words or names: they need a scale or a grouped number.
WEAK = set("ALL AMD ANG ARS AWG BAM BAN BOB BIF COP CUP CVE DOP ETB GEL GIP INR"
           " LAK LEK MAD MOP MUR NAD PAB PEN RON SAR SCR SHP SOS SRD SSP STD TOP"
           " TRY TND WST ERN DEM ETH PTE SIT CYP ESP CLP PHP SVC".split()) - {"INR", "CLP"}
# Also written in small letters.
LOWER = set("USD EUR GBP CHF SEK DKK JPY CNY AUD CAD RMB INR HKD NZD SGD PLN CZK"
            " HUF BTC ISK".split())
# Suffixes of an adjective before the currency's noun.
INFLECT = {"de": (re.compile(r"^([A-ZÄÖÜ][\w-]*?)(er|es|e)$"), ["er", "es", "e", "en", "em"])}


def forms(language, names):
    for name in names:
        yield name
        words = name.split(" ")
        if language in INFLECT and len(words) > 1:
            pattern, endings = INFLECT[language]
            match = pattern.match(words[0])
            if match:
                for ending in endings:
                    yield " ".join([match[1] + ending] + words[1:])


def currencies(cldr, language, codes):
    path = os.path.join(cldr, language, "currencies.json")
    with open(path, encoding="utf-8") as file:
        table = json.load(file)["main"][language]["numbers"]["currencies"]
    seen = set()
    for code in codes:
        entry = table.get(code, {})
        names = [value for key, value in entry.items() if key.startswith("displayName")]
        for form in forms(language, names):
            if "(" in form or form.lower() in seen or form == code:
                continue
            seen.add(form.lower())
            yield form, code


def write(path, head, rows):
    with open(path, "w", encoding="utf-8") as file:
        for line in head:
            file.write(f"# {line}\n")
        for row in rows:
            file.write("\t".join(row) + "\n")


def main(argv):
    if len(argv) < 3:
        sys.exit(__doc__)
    with open(ISO, encoding="utf-8") as file:
        codes = [x["alpha_3"] for x in json.load(file)["4217"]]
    codes = [c for c in codes if c not in SKIP]
    codes += [c for c in HISTORIC if c not in codes]
    rows = []
    for code in codes + EXTRA:
        flags = ["before"] if code in LOWER else ["before", "upper"]
        if code in WEAK:
            flags.append("weak")
        rows.append((code, "CNY" if code in ("RMB", "CNH") else code, "1", ",".join(flags)))
    write(os.path.join(HERE, "common", "currency-codes.tsv"),
          ["ISO 4217 codes, with past ones that news still names: form, code, factor, flags.",
           "upper: in capitals only.  weak: also a word; needs a scale or thousands.",
           "Made by make_currencies.py from Debian's iso-codes; do not edit."], rows)
    for language in argv[2:]:
        rows = [(form, code, "1") for form, code in currencies(argv[1], language, codes)]
        write(os.path.join(HERE, language, "currencies.tsv"),
              ["Names of currencies: form, code, factor.",
               "Made by make_currencies.py from CLDR (npm cldr-numbers-full, Unicode licence);",
               "do not edit: what it lacks goes into currency-words.tsv."], rows)


main(sys.argv)
