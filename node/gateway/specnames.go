package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"landfall/loadgen/field"
	"landfall/loadgen/specfile"
	"landfall/node"
)

// request is huma.Context under another name: embedded as Context, it would collide with its own method Context.
type request = huma.Context

// renamed is a request whose body has been rewritten.
type renamed struct {
	request
	body io.Reader
}

func (r *renamed) BodyReader() io.Reader { return r.body }

// Unwrap returns the original request, for huma's adapters.
func (r *renamed) Unwrap() huma.Context { return r.request }

// messageNames rewrites the spec in the body of a request to the names of messages, so that a spec file can be posted as JSON.
// Bodies that are malformed or too large are passed on as they are: validation refuses them.
func messageNames(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		_ = ctx.SetReadDeadline(time.Now().Add(bodyTimeout))
		reader := ctx.BodyReader()
		body, err := io.ReadAll(io.LimitReader(reader, maxBody))
		if closer, ok := reader.(io.Closer); ok { // do not read the rest of a body that is too large
			_ = closer.Close()
		}
		if err != nil {
			_ = huma.WriteErr(api, ctx, http.StatusRequestTimeout, "cannot read the body")
			return
		}
		text, err := renameSpec(body)
		var wrong *field.Error
		if errors.As(err, &wrong) {
			_ = huma.WriteErr(api, ctx, http.StatusUnprocessableEntity, "validation failed",
				&huma.ErrorDetail{Message: wrong.Want, Location: "body.spec." + wrong.Field, Value: wrong.Value})
			return
		}
		next(&renamed{ctx, bytes.NewReader(text)})
	}
}

// renameSpec returns a body whose spec has the names of messages.
func renameSpec(body []byte) ([]byte, error) {
	var members map[string]json.RawMessage
	if node.CheckStructure(body, maxObjects, maxValues) != nil || json.Unmarshal(body, &members) != nil || members["spec"] == nil {
		return body, nil
	}
	spec, err := specfile.MessageNames(members["spec"])
	if err != nil {
		return nil, err
	}
	if bytes.Equal(spec, members["spec"]) {
		return body, nil
	}
	var text bytes.Buffer
	sep := byte('{')
	for _, name := range slices.Sorted(maps.Keys(members)) { // in a fixed order: repeated requests are compared
		value := members[name]
		if name == "spec" {
			value = spec
		}
		quoted, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		text.WriteByte(sep)
		text.Write(append(quoted, ':'))
		text.Write(value)
		sep = ','
	}
	text.WriteByte('}')
	return text.Bytes(), nil
}
