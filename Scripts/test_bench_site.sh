#!/bin/sh
# The site of the benchmarks from end to end: results of two commits in a history, asv's site of it, opened in a
# headless Chromium; and that the check finds what is wrong. Needs a release build and Benchmarks/make_venvs.sh.
set -eu
cd "$(dirname "$0")/.."
folder=build/test-bench-site
python=build/bench-venv/bin/python3
martlet=$PWD/.build/release/martlet

rm -rf $folder
mkdir -p $folder/repository
git -C $folder/repository init -q -b main
for number in 1 2; do
  git -C $folder/repository -c user.name=n -c user.email=n@localhost \
    commit -q --allow-empty -m "Commit $number"
  "$martlet" bench --quick --filter '^(start|walk|query.trait)' --record --root=$folder/repository \
    --folder=$folder/work --db=$folder/history.sqlite --machine=test >/dev/null
done
"$martlet" bench export --asv=$folder/asv --root=$folder/repository --folder=$folder/work \
  --db=$folder/history.sqlite
$python - <<END
import sys
sys.path.insert(0, "Benchmarks")
import site_pages
site_pages.publish("$folder/asv", "$folder/html")
END
$python Benchmarks/check_site.py $folder/html $folder/history.sqlite --screenshots $folder
# Without a browser nothing was checked.
[ -f $folder/bench-graph.png ] || exit 0

# A point moved, and one taken away, have to be noticed.
cp $folder/history.sqlite $folder/moved.sqlite
cp $folder/history.sqlite $folder/fewer.sqlite
$python - <<END
import sqlite3
for name, statement in (
    ("moved", "UPDATE sample SET cpu = cpu * 2 WHERE result = 1"),
    ("fewer", "UPDATE run SET dirty = 1 WHERE id = 1"),
):
    with sqlite3.connect(f"$folder/{name}.sqlite") as database:
        database.execute(statement)
END
for name in moved fewer; do
  if $python Benchmarks/check_site.py $folder/html $folder/$name.sqlite >/dev/null 2>&1; then
    echo "test_bench_site.sh: the check takes the site for that of $name.sqlite" >&2
    exit 1
  fi
done
echo "the check finds points that were moved or left out"
