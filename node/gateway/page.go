package gateway

import (
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"net/http"
)

//go:embed page
var files embed.FS

// pageRoutes serves the page and what it needs. A browser asks each time whether what it has is still that.
func pageRoutes(mux *http.ServeMux) error {
	page, err := fs.Sub(files, "page")
	if err != nil {
		return err
	}
	names, err := fs.Glob(page, "*")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := fs.ReadFile(page, name)
		if err != nil {
			return err
		}
		tag := fmt.Sprintf(`"%x"`, sha256.Sum256(text))
		path := "GET /page/" + name
		if name == "index.html" {
			path = "GET /{$}"
		}
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "no-cache")
			w.Header().Set("ETag", tag)
			http.ServeFileFS(w, r, page, name)
		})
	}
	return nil
}
