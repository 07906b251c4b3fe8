package gateway

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed page
var files embed.FS

func pageRoutes(mux *http.ServeMux) error {
	page, err := fs.Sub(files, "page")
	if err != nil {
		return err
	}
	mux.Handle("GET /page/", http.StripPrefix("/page/", http.FileServerFS(page)))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, page, "index.html") })
	return nil
}
