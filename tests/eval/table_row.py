"""Makes one row of the table of score.py's output.

  table_row.py NAME MODE < OUTPUT
"""
import re
import sys

name, mode = sys.argv[1:]
lines = [line for line in sys.stdin.read().splitlines() if line.strip()]


def figures(line):
    return re.search(r"P (\S+)\s+R (\S+)\s+F1 (\S+)\s+\((.*)\)", line).groups()


precision, recall, f1, counts = figures(lines[0])
more = [counts]
for line in lines[1:]:
    label = line[:28].strip()
    value = figures(line)[2] if " F1 " in line else line[28:].strip()
    more.append(f"{label} {value}")
print(f"{name:28s} {precision:>6s} {recall:>6s} {f1:>6s}  {'; '.join(more)}")
