package importer

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"landfall/loadgen"
)

const recorded = `{"log":{"version":"1.2","entries":[
 {"request":{"method":"GET","url":"https://shop.test/?a=1#top","headers":[{"name":":authority","value":"shop.test"},{"name":"accept","value":"*/*"},{"name":"cookie","value":"s=1"}]},"response":{"status":200}},
 {"request":{"method":"GET","url":"https://cdn.test/x.js","headers":[]}},
 {"request":{"method":"GET","url":"data:image/png;base64,xx","headers":[]}},
 {"request":{"method":"POST","url":"https://shop.test/cart","headers":[{"name":"accept","value":"*/*"},{"name":"Content-Length","value":"7"}],"postData":{"mimeType":"application/json","text":"{\"a\":1}"}}},
 {"request":{"method":"post","url":"https://shop.test/cart","headers":[{"name":"accept","value":"*/*"}],"postData":{"params":[{"name":"a","value":"x y"},{"name":"b","value":"&"}]}}}
]}}`

func TestSpecFromHAR(t *testing.T) {
	got, left, err := FromHAR([]byte(recorded), "")
	if err != nil {
		t.Fatal(err)
	}
	want := loadgen.Spec{
		Target: "https://shop.test/", Order: "sequence", Duration: importDuration, Headers: map[string]string{"accept": "*/*"},
		Requests: []loadgen.Request{
			{Name: "GET /", Method: "GET", URL: "/?a=1", Headers: map[string]string{"cookie": "s=1"}},
			{Name: "POST /cart", Method: "POST", URL: "/cart", Body: `{"a":1}`},
			{Name: "POST /cart #2", Method: "POST", URL: "/cart", Body: "a=x+y&b=%26"},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	checkImported(t, got)
	if want := map[string]int{"https://cdn.test/": 1, "neither http nor https": 1}; !reflect.DeepEqual(left, want) {
		t.Errorf("left out %v, want %v", left, want)
	}
}

func TestSpecFromHAROfAHost(t *testing.T) {
	got, left, err := FromHAR([]byte(recorded), "cdn.test")
	if err != nil || got.Target != "https://cdn.test/" || len(got.Requests) != 1 || left["https://shop.test/"] != 3 {
		t.Errorf("%+v, left out %v, %v", got, left, err)
	}
	if _, _, err := FromHAR([]byte(recorded), "other.test"); err == nil || !strings.Contains(err.Error(), "no request to other.test") {
		t.Errorf("%v", err)
	}
}

// What looks like a placeholder in a recorded body is what was sent.
func TestSpecFromHARKeepsBraces(t *testing.T) {
	got, _, err := FromHAR([]byte(`{"log":{"entries":[{"request":{"method":"POST","url":"http://a/","postData":{"text":"Hi {{name}}, {{seq}}"}}}]}}`), "")
	if err != nil || got.Requests[0].Body != "" || got.Requests[0].BodyBase64 != "SGkge3tuYW1lfX0sIHt7c2VxfX0=" {
		t.Errorf("%+v, %v", got, err)
	}
}

// A page of many parts gives as many requests as a spec may have, and says that there were more.
func TestSpecFromHAROfManyRequests(t *testing.T) {
	many := make([]string, loadgen.MaxRequests+2)
	for i := range many {
		many[i] = fmt.Sprintf(`{"request":{"method":"GET","url":"http://a/%d"}}`, i)
	}
	got, left, err := FromHAR([]byte(`{"log":{"entries":[`+strings.Join(many, ",")+`]}}`), "")
	if err != nil || len(got.Requests) != loadgen.MaxRequests || left["beyond the first 256"] != 2 {
		t.Errorf("%d requests, left out %v, %v", len(got.Requests), left, err)
	}
}

func TestSpecFromHARErrors(t *testing.T) {
	for text, want := range map[string]string{
		"{":  "har: ",
		"{}": "there is no request",
		`{"log":{"entries":[{"request":{"method":"G T","url":"http://a/"}}]}}`: "method",
		strings.Repeat("[", 100_000): "har: ",
	} {
		if _, _, err := FromHAR([]byte(text), ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: %v, want %s", text, err, want)
		}
	}
}

func FuzzSpecFromHAR(f *testing.F) {
	f.Add([]byte(recorded))
	f.Add([]byte(`{"log":{"entries":[{"request":{"method":"PUT","url":"http://u:p@a/%2f?{{seq}}","headers":[{"name":"X","value":"y"}],"postData":{"text":"z"}}}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if spec, _, err := FromHAR(data, ""); err == nil {
			checkImported(t, spec)
		}
	})
}
