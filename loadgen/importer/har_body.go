package importer

import (
	"encoding/base64"
	"mime"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// body is what a request sent. Archives hold it in several ways; where they do not say which, its length decides. why says
// what is not right, "" if all is. A form of several parts comes with its Content-Type.
func (r *harRequest) body() (body, contentType, why string) {
	length := r.contentLength()
	if r.PostData == nil {
		if length > 0 {
			why = "its body of " + strconv.FormatInt(length, 10) + " bytes is not in the archive"
		}
		return "", "", why
	}
	readings := r.readings()
	kind, _, _ := mime.ParseMediaType(r.contentType())
	if r.PostData.Text == "" && len(r.PostData.Params) > 0 && strings.HasPrefix(kind, "multipart/") {
		body, contentType, why = r.parts(kind)
		return body, contentType, why
	}
	for _, body := range readings {
		if int64(len(body)) == length {
			return body, "", ""
		}
	}
	if length >= 0 {
		why = "its body has " + strconv.Itoa(len(readings[0])) + " bytes in the archive, and had " + strconv.FormatInt(length, 10)
	}
	return readings[0], "", why
}

func (r *harRequest) contentType() string {
	if kind := r.header("Content-Type"); kind != "" {
		return kind
	}
	return r.PostData.MimeType
}

// contentLength is how many bytes the body had; -1 if the archive does not say.
func (r *harRequest) contentLength() int64 {
	if n, err := strconv.ParseInt(r.header("Content-Length"), 10, 64); err == nil && n >= 0 {
		return n
	}
	if r.BodySize > 0 {
		return r.BodySize
	}
	return -1
}

// readings are what the body may have been, the likeliest first. There is one at least.
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
	if isEncoded(all[2]) { // what looks encoded was not decoded
		all[0], all[2] = all[2], all[0]
	}
	return all
}

// bytesOf reads a text whose letters stand for one byte each, as some tools write what is no text.
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

// isEncoded reports whether a form holds escapes and nothing that an encoded form would not hold.
func isEncoded(form string) bool { return escapes.MatchString(form) && encodedForm.MatchString(form) }

var (
	escapes     = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	encodedForm = regexp.MustCompile(`^([A-Za-z0-9*._+=&~!'()-]|%[0-9A-Fa-f]{2})*$`)
)

// parts makes a form of several parts of the archive's parameters. Files are not in archives unless a tool put them there.
func (r *harRequest) parts(kind string) (body, contentType, why string) {
	var parts []curlPart
	for _, p := range r.PostData.Params {
		parts = append(parts, curlPart{name: string(p.Name), text: string(p.Value), filename: p.FileName, kind: p.ContentType})
		if p.FileName != "" && p.Value == "" {
			why = "the file " + strconv.Quote(p.FileName) + " is not in the archive and is sent empty"
		}
	}
	body, boundary := formBody(parts, kind)
	return body, kind + "; boundary=" + boundary, why
}
