package shop

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
)

const (
	htmlType = "text/html; charset=utf-8"
	jsonType = "application/json"
	minGzip  = 256 // minimum size of compressed responses, in bytes
)

var gzips = sync.Pool{New: func() any {
	g, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
	return g
}}

// answer writes a response. It is compressed if the client accepts that and the response is long enough.
func answer(w http.ResponseWriter, r *http.Request, status int, contentType string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Vary", "Accept-Encoding")
	if len(body) < minGzip || !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.WriteHeader(status)
		w.Write(body)
		return
	}
	h.Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	g := gzips.Get().(*gzip.Writer)
	defer gzips.Put(g)
	g.Reset(w)
	g.Write(body)
	g.Close()
}

func answerJSON(w http.ResponseWriter, r *http.Request, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // v is always a map or struct of plain values
	}
	answer(w, r, status, jsonType, append(body, '\n'))
}

func wantsHTML(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "text/html") }

func notFound(w http.ResponseWriter, r *http.Request, what string) {
	answerJSON(w, r, http.StatusNotFound, map[string]string{"error": "no such " + what})
}
