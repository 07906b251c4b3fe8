package evidence

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
)

// Encodings returns the texts that a value becomes in messages: in a query, form or path, in JSON, and in base64, alone or as a part of
// a longer text. To mask a secret, mask all of them.
func Encodings(value string) []string {
	query := url.QueryEscape(value)
	list := []string{query, strings.ReplaceAll(query, "+", "%20"), url.PathEscape(value), (&url.URL{Path: value}).EscapedPath()}
	for _, html := range []bool{false, true} {
		var quoted strings.Builder
		to := json.NewEncoder(&quoted)
		to.SetEscapeHTML(html)
		if to.Encode(value) == nil {
			list = append(list, quoted.String()[1:quoted.Len()-2])
		}
	}
	const shortest = 6 // a shorter value has too few base64 characters that do not depend on its neighbours
	if len(value) >= shortest {
		for before := range 3 { // bytes of the same group before the value
			list = append(list, within64(base64.RawStdEncoding, value, before), within64(base64.RawURLEncoding, value, before))
		}
	}
	return list
}

// within64 returns the characters that a value becomes in base64 whatever is before and after it; before is the number of bytes before
// it, modulo 3.
func within64(e *base64.Encoding, value string, before int) string {
	text := e.EncodeToString([]byte("xxx"[:before] + value))
	return text[(before*8+5)/6 : (before+len(value))/3*4]
}
