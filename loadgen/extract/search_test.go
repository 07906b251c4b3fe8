package extract

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestEndOfValue(t *testing.T) {
	for text, want := range map[string]int{
		`"a\"b"c`: 6, `"a`: -1, `"a\`: -1, `12.5e3,`: 6, `true}`: 4, `{"a":"}"} `: 9, `[[1,"]"],2]x`: 11, `[1`: -1, `{"a":"`: -1, `}`: -1, `,`: -1, ``: -1, `nul:`: 3,
	} {
		if got := endOfValue([]byte(text), 0); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}

func TestSearchReturnsErrWork(t *testing.T) {
	p, err := ParsePath("$" + strings.Repeat("..*", 8))
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(strings.Repeat("[", 60) + strings.Repeat("1,", 2000) + "1" + strings.Repeat("]", 60))
	if err := p.Each(body, func([]byte) bool { return true }); !errors.Is(err, ErrWork) {
		t.Errorf("%v, want %v", err, ErrWork)
	}
}

// The value of a valid JSON document ends at the end of the document.
func FuzzEndOfValue(f *testing.F) {
	f.Add([]byte(`{"a":["\\",1e5,null]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if !json.Valid(text) {
			endOfValue(text, 0)
			return
		}
		from := skipBlanks(text, 0)
		if end := endOfValue(text, from); skipBlanks(text, end) != len(text) {
			t.Fatalf("%q ends at %d", text, end)
		}
	})
}
