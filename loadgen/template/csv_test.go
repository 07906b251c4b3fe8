package template

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// Checking for duplicate names takes linear time.
func TestManyColumns(t *testing.T) {
	var names []string
	for i := range 120_000 {
		names = append(names, strconv.Itoa(i))
	}
	line := strings.Join(names, ",")
	began := time.Now()
	if _, err := ParseRows(line + "\n" + strings.Repeat(",", len(names)-1) + "\n"); err != nil {
		t.Fatal(err)
	}
	if d := time.Since(began); d > 30*time.Second {
		t.Errorf("took %s", d)
	}
	if _, err := ParseRows("a, a\n1,2\n"); err == nil {
		t.Error("two columns of one name")
	}
}

func FuzzParseRows(f *testing.F) {
	f.Add("name,age\nann,7\nbob,8\n", 1, 2)
	f.Add("\ufeff\"a\"\n\"b\n\"\n", 0, 1)
	f.Fuzz(func(t *testing.T, text string, index, of int) {
		r, err := ParseRows(text)
		if err != nil || r == nil {
			return
		}
		for _, line := range r.lines {
			if len(line) != len(r.columns) {
				t.Fatalf("%d values in a line of %d columns", len(line), len(r.columns))
			}
		}
		if of < 1 || of > 100 || index < 0 || index >= of {
			return
		}
		lines := 0
		for i := range of {
			part, err := r.Part(i, of)
			if err != nil {
				return
			}
			lines += len(part.lines)
		}
		if lines != len(r.lines) {
			t.Fatalf("parts have %d lines of %d", lines, len(r.lines))
		}
	})
}
