package field

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestJSONErrorsHavePositions(t *testing.T) {
	for text, want := range map[string]string{
		"visit":                        "a.json:1:1: not valid JSON: invalid character 'v' looking for beginning of value",
		"{\"a\":\n  {\"é\" 1}}":        "a.json:2:8: not valid JSON: invalid character '1' after object key",
		"{\"a\":\n":                    "a.json:2:1: not valid JSON: unexpected end",
		"":                             "a.json:1:1: not valid JSON: unexpected end",
		"7":                            "a.json: the document is a number: must be an object",
		`{"list": {}}`:                 "a.json: list is an object: must be an array",
		`{"inner": {"text": [1]}}`:     "a.json: inner.text is an array: must be a string",
		`{"inner": {"number": "one"}}`: "a.json: inner.number is a string: must be a number",
		`{"inner": {"flag": 1}}`:       "a.json: inner.flag is a number: must be a boolean",
		`{"inner": true}`:              "a.json: inner is a boolean: must be an object",
	} {
		var v struct {
			A     any
			List  []int `json:"list"`
			Inner *struct {
				Text   string  `json:"text"`
				Number float64 `json:"number"`
				Flag   bool    `json:"flag"`
			} `json:"inner"`
		}
		err := JSON("a.json", []byte(text), json.Unmarshal([]byte(text), &v))
		var at *FileError
		if !errors.As(err, &at) || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if err := JSON("a.json", []byte("{"), json.NewDecoder(strings.NewReader("{")).Decode(new(any))); err.Error() != "a.json:1:2: not valid JSON: unexpected end" {
		t.Error(err)
	}
	if other := errors.New("other"); JSON("", nil, other) != other || JSON("", nil, nil) != nil {
		t.Error("other errors change")
	}
}
