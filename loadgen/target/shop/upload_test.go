package shop

import (
	"bytes"
	"mime/multipart"
	"strings"
	"testing"
)

const helloHash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" // SHA-256 of hello

func TestUploadReturnsSizeAndHash(t *testing.T) {
	s := New(Config{})
	u := visit(t, s)
	u.login()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	form.WriteField("note", "not a file")
	for _, name := range []string{"a.txt", "b.txt"} {
		part, _ := form.CreateFormFile("doc", name)
		part.Write([]byte("hello"))
	}
	form.Close()
	u.headers["Content-Type"] = form.FormDataContentType()
	want := `{"files":[{"field":"doc","name":"a.txt","size":5,"sha256":"` + helloHash + `"},{"field":"doc","name":"b.txt","size":5,"sha256":"` + helloHash + `"}]}`
	if got := u.must(200, "POST", "/upload", body.String()); strings.TrimSpace(got) != want {
		t.Errorf("got %s want %s", got, want)
	}
	u.headers["Content-Type"] = "application/octet-stream"
	if got := u.must(200, "POST", "/upload", "hello"); strings.TrimSpace(got) != `{"files":[{"size":5,"sha256":"`+helloHash+`"}]}` {
		t.Errorf("got %s", got)
	}
	if n := s.Counts().Uploads; n != 3 {
		t.Errorf("%d files, want 3", n)
	}
	u.headers["Content-Type"] = "multipart/form-data"
	u.must(400, "POST", "/upload", "no boundary")
}
