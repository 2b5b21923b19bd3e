#!/usr/bin/env python3
"""Tests that the lint programs find what they are there to find."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import layers
import literals
import sizes

HERE = pathlib.Path(__file__).resolve().parent


class Layers(unittest.TestCase):

    def test_right_arrows(self):
        for path, header in [
            ("daemon/text/utf8.cc", "base/status_macros.h"),
            ("daemon/text/utf8.cc", "text/utf8.h"),
            ("daemon/text/utf8.cc", "absl/status/status.h"),
            ("daemon/app/main.cc", "service/server.h"),
            ("daemon/service/server.cc", "grpcpp/grpcpp.h"),
            ("daemon/service/server.cc", "tocsin/v1/alert_service.grpc.pb.h"),
            ("daemon/storage/store.cc", "rocksdb/db.h"),
            ("daemon/rules/rule.cc", "tocsin/v1/rule.pb.h"),
            ("clients/cli/main.cc", "grpcpp/grpcpp.h"),
            ("clients/cli/main.cc", "cli/table.h"),
            ("clients/cli/main.cc", "tocsin/v1/alert.pb.h"),
        ]:
            self.assertIsNone(layers.problem(path, header), (path, header))

    def test_wrong_arrows(self):
        for path, header in [
            ("daemon/base/log.h", "text/utf8.h"),
            ("daemon/text/utf8.cc", "detect/mention.h"),
            ("daemon/rules/rule.cc", "storage/store.h"),
            ("daemon/pipeline/sequencer.cc", "service/server.h"),
            ("daemon/pipeline/sequencer.cc", "rocksdb/db.h"),
            ("daemon/pipeline/sequencer.cc", "grpcpp/grpcpp.h"),
            ("daemon/storage/store.cc", "tocsin/v1/alert_service.grpc.pb.h"),
            ("daemon/text/utf8.cc", "daemon/base/mutex.h"),
            ("daemon/service/server.cc", "cli/table.h"),
            ("daemon/newfolder/a.cc", "base/mutex.h"),
            ("clients/cli/main.cc", "base/mutex.h"),
            ("clients/cli/main.cc", "rocksdb/db.h"),
        ]:
            self.assertIsNotNone(layers.problem(path, header), (path, header))

    def test_names_file_line_and_header(self):
        text = '#include <string>\n\n#  include "app/config.h"\n'
        self.assertEqual(
            layers.check("daemon/text/a.h", text),
            ["daemon/text/a.h:3: includes app/config.h: "
             "text stands before app"])

    def test_fails_on_a_tree_with_a_wrong_arrow_and_on_an_empty_one(self):
        with tempfile.TemporaryDirectory() as root:
            run = [sys.executable, str(HERE / "layers.py"), root]
            self.assertEqual(subprocess.run(run, capture_output=True).returncode, 1)
            file = pathlib.Path(root, "daemon/base/a.h")
            file.parent.mkdir(parents=True)
            file.write_text('#include "base/b.h"\n')
            self.assertEqual(subprocess.run(run, capture_output=True).returncode, 0)
            file.write_text('#include "app/config.h"\n')
            done = subprocess.run(run, capture_output=True, text=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn("daemon/base/a.h:1: includes app/config.h", done.stdout)


class Literals(unittest.TestCase):

    def found(self, text, path="daemon/detect/a.cc"):
        return literals.check(path, text, {"miljard", "och"})

    def test_words_are_found(self):
        for text in ['f("mdr. æ");', 'f("\\u00e5r");', 'f("\\xc3\\xa5r");',
                     "case U'å':", 'f(R"(año)");', 'f("miljard");',
                     'x = "a" /* " */ + "och";']:
            self.assertEqual(len(self.found(text)), 1, text)

    def test_other_things_are_not(self):
        for text in ['// på svenska\n', '/* "och" */', 'f("…");', 'f("\\u2019");',
                     'f("€");', 'f("amount_words.tsv");', "1'000'000",
                     '#include "och"', 'f("miljarder i");', "f('\\'', \"\\\"\");"]:
            self.assertEqual(self.found(text), [], text)

    def test_ascii_words_matter_only_where_language_is_handled(self):
        self.assertEqual(self.found('f("och");', "daemon/app/a.cc"), [])
        self.assertEqual(len(self.found('f("år");', "daemon/app/a.cc")), 1)

    def test_line_is_named(self):
        self.assertTrue(self.found('\n\nf("å");')[0].startswith(
            "daemon/detect/a.cc:3: "))


class Sizes(unittest.TestCase):

    def test_limits(self):
        self.assertIsNone(sizes.check("daemon/a.cc", 450))
        self.assertEqual(sizes.check("daemon/a.cc", 451)[1], False)
        self.assertEqual(sizes.check("daemon/a.cc", 701)[1], True)
        self.assertIsNone(sizes.check("daemon/app/main.cc", 60))
        self.assertEqual(sizes.check("daemon/app/main.cc", 61)[1], True)


if __name__ == "__main__":
    unittest.main()
