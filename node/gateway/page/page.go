// Package page is the web page of a gateway: files that are part of the binary.
package page

import (
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"net/http"
)

//go:embed *.js *.css *.html uPlot.LICENSE
var files embed.FS

// Register serves the page and its files. Browsers revalidate them each time, by ETag.
func Register(mux *http.ServeMux) error {
	names, err := fs.Glob(files, "*")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := files.ReadFile(name)
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
			http.ServeFileFS(w, r, files, name)
		})
	}
	return nil
}
