package render

import (
	"strings"
	"testing"
)

// Columns are as wide as their widest cell on a screen, whatever the number of bytes; the end of a line has no spaces.
func TestTableAligns(t *testing.T) {
	table := table{indent: "> "}
	table.add(left("name").in(bold), right("p99"), left("note"))
	table.add(left("登録"), right("1.2 ms").in(bad), left(""))
	table.add(left("checkout"), right("9 µs"))
	const want = "> name         p99  note\n> 登録      1.2 ms\n> checkout    9 µs\n"
	var plain, coloured strings.Builder
	table.write(&plain, pen{})
	if plain.String() != want {
		t.Errorf("got\n%swant\n%s", plain.String(), want)
	}
	table.write(&coloured, pen{color: true})
	const painted = "> \x1b[1mname\x1b[0m         p99  note\n> 登録      \x1b[31m1.2 ms\x1b[0m\n> checkout    9 µs\n"
	if coloured.String() != painted {
		t.Errorf("got\n%qwant\n%q", coloured.String(), painted)
	}
}

func TestCleanCutsByColumns(t *testing.T) {
	for in, want := range map[string]string{"short": "short", "exactly10!": "exactly10!", "longer than that": "longer th…", "登録登録登録": "登録登録…", "a\x1b[1m\n": "a�[1m�"} {
		got := clean(in, 10)
		if cutter.StringWidth(got) > 10 || strings.ContainsAny(got, "\x1b\n") || got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
