package importer

import (
	"encoding/base64"
	"mime"
	"net/url"
	"strconv"
	"strings"

	"landfall/loadgen/field"
)

// body returns the body of a request. Archives store it in several ways that they do not tell apart: the recorded length selects one.
// contentType is set for a multipart body, whose boundary is new. problem is "" if the body is complete.
func (r *harRequest) body() (body, contentType, problem string) {
	length := r.contentLength()
	if r.PostData == nil {
		if length > 0 {
			problem = "the archive lacks its body of " + strconv.FormatInt(length, 10) + " bytes"
		}
		return "", "", problem
	}
	readings := r.readings()
	kind, _, _ := mime.ParseMediaType(r.contentType())
	if r.PostData.Text == "" && len(r.PostData.Params) > 0 && strings.HasPrefix(kind, "multipart/") {
		return r.parts(kind)
	}
	for _, body := range readings {
		if int64(len(body)) == length {
			return body, "", ""
		}
	}
	if length >= 0 {
		problem = "its body had " + strconv.FormatInt(length, 10) + " bytes; the archive holds " + strconv.Itoa(len(readings[0]))
	}
	return readings[0], "", problem
}

func (r *harRequest) contentType() string {
	if kind := r.header("Content-Type"); kind != "" {
		return kind
	}
	return r.PostData.MimeType
}

// contentLength returns the length of the body in bytes, or -1 if it is not known.
func (r *harRequest) contentLength() int64 {
	if n, err := strconv.ParseInt(r.header("Content-Length"), 10, 64); err == nil && n >= 0 {
		return n
	}
	if r.BodySize > 0 {
		return r.BodySize
	}
	return -1
}

// readings returns the possible bodies, the most likely one first. There is at least one.
func (r *harRequest) readings() []string {
	p := r.PostData
	if p.Encoding == "base64" {
		if raw, err := base64.StdEncoding.DecodeString(p.Text); err == nil {
			return []string{string(raw)}
		}
	}
	if p.Text != "" || len(p.Params) == 0 {
		return append([]string{p.Text}, bytesOf(p.Text)...)
	}
	var encoded, spaced, plain []string
	for _, pair := range p.Params {
		name, value := string(pair.Name), string(pair.Value)
		form := url.QueryEscape(name) + "=" + url.QueryEscape(value)
		encoded = append(encoded, form)
		spaced = append(spaced, strings.ReplaceAll(form, "+", "%20"))
		plain = append(plain, name+"="+value) // some tools do not decode
	}
	all := []string{strings.Join(encoded, "&"), strings.Join(spaced, "&"), strings.Join(plain, "&")}
	if isEncoded(all[2]) {
		all[0], all[2] = all[2], all[0]
	}
	return all
}

// bytesOf decodes a text whose characters are bytes, as some tools write binary bodies.
func bytesOf(text string) []string {
	raw := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 0xff {
			return nil
		}
		raw = append(raw, byte(r))
	}
	return []string{string(raw)}
}

// isEncoded reports whether a form has escapes and only characters of an encoded form.
func isEncoded(form string) bool {
	return escapes().MatchString(form) && encodedForm().MatchString(form)
}

var (
	escapes     = field.Pattern(`%[0-9A-Fa-f]{2}`)
	encodedForm = field.Pattern(`^([A-Za-z0-9*._+=&~!'()-]|%[0-9A-Fa-f]{2})*$`)
)

// parts encodes the parameters of the archive as a multipart body. Most tools do not record the content of files.
func (r *harRequest) parts(kind string) (body, contentType, problem string) {
	var parts []curlPart
	for _, p := range r.PostData.Params {
		parts = append(parts, curlPart{name: string(p.Name), text: string(p.Value), filename: p.FileName, kind: p.ContentType})
		if p.FileName != "" && p.Value == "" {
			problem = "the archive lacks the file " + strconv.Quote(p.FileName) + ": it is sent empty"
		}
	}
	body, boundary := formBody(parts, kind)
	return body, kind + "; boundary=" + boundary, problem
}
