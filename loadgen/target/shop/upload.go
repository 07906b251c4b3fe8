package shop

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
)

const maxUpload = 64 << 20 // bytes per request

// received describes an uploaded file.
type received struct {
	Field  string `json:"field,omitempty"`
	Name   string `json:"name,omitempty"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// upload responds with size and hash of each file: each part of a multipart form with a file name, or the whole body.
func (s *Shop) upload(w http.ResponseWriter, r *http.Request) {
	if s.visitor(w, r) == nil {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	files, err := receive(r)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		answerJSON(w, r, http.StatusRequestEntityTooLarge, map[string]string{"error": "at most 64 MiB"})
	case err != nil:
		answerJSON(w, r, http.StatusBadRequest, map[string]string{"error": err.Error()})
	default:
		s.uploads.Add(int64(len(files)))
		answerJSON(w, r, http.StatusOK, map[string]any{"files": files})
	}
}

func receive(r *http.Request) ([]received, error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "multipart/form-data" {
		f, err := hash(r.Body)
		return []received{f}, err
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	files := []received{}
	for {
		p, err := parts.NextPart()
		if err == io.EOF {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if p.FileName() == "" {
			continue
		}
		f, err := hash(p)
		if err != nil {
			return nil, err
		}
		f.Field, f.Name = p.FormName(), p.FileName()
		files = append(files, f)
	}
}

func hash(from io.Reader) (received, error) {
	h := sha256.New()
	n, err := io.Copy(h, from)
	return received{Size: n, SHA256: hex.EncodeToString(h.Sum(nil))}, err
}
