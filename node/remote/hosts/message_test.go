package hosts

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
)

// A host may be hostile: what it reports is printed on the operator's terminal.
func TestReadAnswerCleansEveryText(t *testing.T) {
	const evil = "\x1b]52;c;cm0gLXJm\x07\u009b2J\u202e"
	line, err := json.Marshal(Answer{Schema: Schema, Error: evil, Line: &Line{Driver: evil, Text: evil}, Drivers: []Driver{{Name: evil, Problem: evil}}})
	if err != nil {
		t.Fatal(err)
	}
	a, ok, err := ReadAnswer(line)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	for _, text := range []string{a.Error, a.Line.Driver, a.Line.Text, a.Drivers[0].Name, a.Drivers[0].Problem} {
		if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) || text == "" {
			t.Errorf("%q", text)
		}
	}
}

func FuzzReadAnswer(f *testing.F) {
	f.Add([]byte(`{"schema":1,"drivers":[{"name":"a","pid":1,"problem":"\u001b"}],"line":{"driver":"a","text":"b"},"done":true,"error":"x"}`))
	f.Add([]byte(`{"schema":2}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		a, ok, err := ReadAnswer(line)
		if !ok || err != nil {
			return
		}
		texts := []string{a.Error}
		if a.Line != nil {
			texts = append(texts, a.Line.Driver, a.Line.Text)
		}
		for _, d := range a.Drivers {
			texts = append(texts, d.Name, d.Problem)
		}
		if len(a.Drivers) > maxDrivers || strings.ContainsFunc(strings.Join(texts, ""), unicode.IsControl) {
			t.Fatalf("%d drivers, %q", len(a.Drivers), texts)
		}
	})
}
