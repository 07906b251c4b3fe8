package gateway

import (
	"maps"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
	"landfall/node"
	"landfall/node/gateway/access"
	"landfall/node/gateway/page"
	"landfall/node/report"
)

// maxBody is the maximum length of a body, in bytes: a spec may contain a table.
const maxBody = 4 << 20

// Limits of the values in a body.
const (
	maxObjects = 20_000
	maxValues  = 200_000
)

// about is the API document's description of everything besides its operations.
const about = "An orchestrator of landfall, a distributed load tester. Times are RFC 3339; durations are integers with their unit in " +
	"the name. Errors are problem details (RFC 9457) that name the field. Live updates: GET /api/v1/live is a WebSocket, " +
	"GET /api/v1/live/events the same as Server-Sent Events; figures for Prometheus: GET /metrics."

func (g *Gateway) routes() (http.Handler, error) {
	mux := http.NewServeMux()
	c := huma.DefaultConfig("landfall", g.config.Version)
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks = "/api/v1/openapi", "", "", nil
	c.FieldsOptionalByDefault = true
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[loadgen.Duration](), reflect.TypeFor[int64]())
	c.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[hdr.Histogram](), reflect.TypeFor[string]())
	c.Formats = countFirst(c.Formats)
	c.Info.Description = about
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	if g.access.NeedsToken() {
		c.Security = []map[string][]string{{"token": {}}}
	}
	api := humago.New(mux, c)
	api.UseMiddleware(notEmpty(api))
	g.driverRoutes(api)
	g.runRoutes(api)
	g.reportRoutes(api)
	g.healthRoutes(api)
	enumerate(c.Components.Schemas.Map()["Spec"])
	mux.Handle("GET /metrics", g.metrics())
	mux.HandleFunc("GET /api/v1/live", g.live.socket)
	mux.HandleFunc("GET /api/v1/live/events", g.live.events)
	if err := page.Register(mux); err != nil {
		return nil, err
	}
	return g.access.Guard(missing(mux)), nil
}

// countFirst refuses bodies that would take far more memory than their length.
func countFirst(formats map[string]huma.Format) map[string]huma.Format {
	formats = maps.Clone(formats)
	for name, f := range formats {
		decode := f.Unmarshal
		f.Unmarshal = func(data []byte, v any) error {
			if err := node.CheckStructure(data, maxObjects, maxValues); err != nil {
				return err
			}
			return decode(data, v)
		}
		formats[name] = f
	}
	return formats
}

// look returns an operation that only reads.
func look(id, path, summary string) huma.Operation {
	return huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary}
}

// notEmpty rejects parameters without a value: they are a mistake, not a request for the default.
func notEmpty(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		u := ctx.URL()
		for name, values := range u.Query() {
			if slices.Contains(values, "") {
				_ = huma.WriteErr(api, ctx, http.StatusUnprocessableEntity, "validation failed",
					&huma.ErrorDetail{Message: "must not be empty", Location: "query." + name})
				return
			}
		}
		next(ctx)
	}
}

// enumerate lists the accepted values of some fields of a spec.
func enumerate(spec *huma.Schema) {
	for name, words := range map[string][]any{
		"test_type": {string(loadgen.Avalanche), string(loadgen.Tsunami)}, "order": {"weighted", "sequence"}, "arrivals": {"even", "poisson"},
	} {
		field := spec.Properties[name]
		field.Enum = words
		field.PrecomputeMessages()
	}
}

// missing answers requests without a route with problem details, like all other errors.
func missing(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		v := verdict{ResponseWriter: w, status: http.StatusOK}
		h.ServeHTTP(&v, r)
		detail := "no such address: " + r.URL.Path
		if v.status == http.StatusMethodNotAllowed {
			detail = "it takes " + w.Header().Get("Allow")
		}
		access.Refuse(w, v.status, detail)
	})
}

// verdict records the status and headers of a response, and discards its body.
type verdict struct {
	http.ResponseWriter
	status int
}

func (v *verdict) WriteHeader(status int)      { v.status = status }
func (v *verdict) Write(b []byte) (int, error) { return len(b), nil }

// schemaName distinguishes a report's types from those of specs and states with the same name.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if of := reflect.TypeFor[report.Report](); t.PkgPath() == of.PkgPath() && t != of {
		return "Report" + name
	}
	return name
}

// Page selects a part of a list.
type Page struct {
	Limit  int `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Offset int `query:"offset" minimum:"0" default:"0"`
}

// part returns the bounds of that part in a list of n.
func (p Page) part(n int) (from, to int) {
	from = min(p.Offset, n)
	return from, min(n, from+p.Limit)
}
