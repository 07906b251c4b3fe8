package importer

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// posted imports one POST request. A negative length means no Content-Length.
func posted(t *testing.T, contentType string, length int, postData string) (body, sentType, notes string) {
	t.Helper()
	header := ""
	if length >= 0 {
		header = fmt.Sprintf(`,{"name":"content-length","value":"%d"}`, length)
	}
	i, err := fromHAR([]byte(fmt.Sprintf(`{"log":{"entries":[{"request":{"method":"POST","url":"http://a/","headers":[{"name":"User-Agent","value":"b"},{"name":"Content-Type","value":%q}%s]%s}}]}}`, contentType, header, postData)), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	r := i.Spec.Requests[0]
	raw, err := base64.StdEncoding.DecodeString(r.BodyBase64)
	if err != nil {
		t.Fatal(err)
	}
	checkImported(t, i.Spec)
	return r.Body + string(raw), i.Spec.Headers["Content-Type"], strings.Join(i.Notes, "; ")
}

func TestHARBody(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	for name, c := range map[string]struct {
		contentType string
		length      int
		postData    string
		body, notes string
	}{
		"text":                  {"text/plain", 2, `,"postData":{"text":"é"}`, "é", ""},
		"bytes as characters":   {"application/octet-stream", 3, `,"postData":{"text":"\u00e9\u00ff\u0000"}`, "\xe9\xff\x00", ""},
		"text without a length": {"text/plain", -1, `,"postData":{"text":"é"}`, "é", ""},
		"base64":                {"application/grpc", 3, `,"postData":{"text":"AP/+","encoding":"base64"}`, "\x00\xff\xfe", ""},
		"braces":                {"text/plain", -1, `,"postData":{"text":"Hi {{name}}, {{seq}}"}`, `Hi {{"{{"}}name}}, {{"{{"}}seq}}`, ""},
		"truncated":             {"text/plain", 2049, `,"postData":{"text":"short"}`, "short", "entry 1 (POST /): its body had 2049 bytes; the archive holds 5"},
		"missing":               {"text/plain", 55, "", "", "entry 1 (POST /): the archive lacks its body of 55 bytes"},
		"missing, by bodySize":  {"text/plain", -1, `,"bodySize":9`, "", "entry 1 (POST /): the archive lacks its body of 9 bytes"},
		"empty":                 {"text/plain", 0, "", "", ""},
		"parameters":            {form, -1, `,"postData":{"params":[{"name":"a","value":"x y&é"}]}`, "a=x+y%26%C3%A9", ""},
		"parameters with %20":   {form, 7, `,"postData":{"params":[{"name":"a","value":"x y"}]}`, "a=x%20y", ""},
		"encoded parameters":    {form, 11, `,"postData":{"params":[{"name":"a%5B0%5D","value":"1"}]}`, "a%5B0%5D=1", "entry 1 (POST /): its body had 11 bytes; the archive holds 10"},
		"encoded, by length":    {form, 10, `,"postData":{"params":[{"name":"a%5B0%5D","value":"1"}]}`, "a%5B0%5D=1", ""},
		"literal percent sign":  {form, -1, `,"postData":{"params":[{"name":"a","value":"100% é"}]}`, "a=100%25+%C3%A9", ""},
	} {
		body, _, notes := posted(t, c.contentType, c.length, c.postData)
		if body != c.body || notes != c.notes {
			t.Errorf("%s: %q, notes %q\nwant %q, notes %q", name, body, notes, c.body, c.notes)
		}
	}
}

func TestHARMultipart(t *testing.T) {
	body, kind, notes := posted(t, "multipart/form-data; boundary=XX", -1,
		`,"postData":{"mimeType":"multipart/form-data; boundary=XX","params":[{"name":"note","value":"hi"},{"name":"up","fileName":"a.txt","contentType":"text/plain","value":"hello"},{"name":"lost","fileName":"b.jpg"}]}`)
	_, boundary, _ := strings.Cut(kind, "multipart/form-data; boundary=")
	for _, part := range []string{
		"Content-Disposition: form-data; name=\"note\"\r\n\r\nhi\r\n",
		"Content-Disposition: form-data; name=\"up\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nhello\r\n",
	} {
		if !strings.Contains(body, "--"+boundary+"\r\n"+part) {
			t.Errorf("no %q in %q (%s)", part, body, kind)
		}
	}
	if notes != `entry 1 (POST /): the archive lacks the file "b.jpg": it is sent empty` {
		t.Errorf("notes %q", notes)
	}
}
