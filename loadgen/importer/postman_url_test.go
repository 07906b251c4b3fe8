package importer

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestPostmanURL(t *testing.T) {
	for text, want := range map[string]string{
		`"http://a/b?c"`: "http://a/b?c",
		`{"raw":"{{base}}/x","host":["other"],"path":["y"]}`:                                                               "{{base}}/x",
		`{"protocol":"https","host":["api","shop","test"],"port":8443,"path":["v1","items"]}`:                              "https://api.shop.test:8443/v1/items",
		`{"protocol":"https://","host":"shop.test","path":"/v1/items"}`:                                                    "https://shop.test/v1/items",
		`{"host":["{{base}}"],"path":["a",{"type":"string","value":"b"},7]}`:                                               "{{base}}/a/b/7",
		`{"protocol":"http","path":["only"]}`:                                                                              "/only",
		`{"host":["h"],"query":[{"key":"a","value":"1"},{"key":"off","value":"2","disabled":true},{"key":"b","value":3}]}`: "h?a=1&b=3",
		`{}`: "",
	} {
		var u postmanURL
		if err := json.Unmarshal([]byte(text), &u); err != nil || u.text() != want {
			t.Errorf("%s: %q, %v, want %q", text, u.text(), err, want)
		}
	}
	for _, text := range []string{`{"host":[["a"]]}`, `{"host":[{"value":{}}]}`, `{"path":{"a":1}}`, `7`} {
		var u postmanURL
		if err := json.Unmarshal([]byte(text), &u); err == nil {
			t.Errorf("%s: no error, %+v", text, u)
		}
	}
}

func TestPostmanFileNames(t *testing.T) {
	for text, want := range map[string]postmanSrc{`"a"`: {"a"}, `["a","b"]`: {"a", "b"}, `null`: nil, `[]`: {}} {
		var s postmanSrc
		if err := json.Unmarshal([]byte(text), &s); err != nil || !reflect.DeepEqual(s, want) {
			t.Errorf("%s: %#v, %v, want %#v", text, s, err, want)
		}
	}
	var s postmanSrc
	if err := json.Unmarshal([]byte(`7`), &s); err == nil {
		t.Error("a number is a name")
	}
}

func TestPostmanHeaders(t *testing.T) {
	for text, want := range map[string]postmanPairs{
		`"A: b: c\n no colon\nD:e\r\n"`:                   {{Key: "A", Value: "b: c"}, {Key: "D", Value: "e"}},
		`[{"key":"A","value":"b"},{"key":"C","value":1}]`: {{Key: "A", Value: "b"}, {Key: "C", Value: "1"}},
	} {
		var p postmanPairs
		if err := json.Unmarshal([]byte(text), &p); err != nil || !reflect.DeepEqual(p, want) {
			t.Errorf("%s: %+v, %v, want %+v", text, p, err, want)
		}
	}
}
