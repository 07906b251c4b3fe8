package gateway

import (
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"landfall/loadgen"
	"landfall/node/report"
)

// mostBody is the longest body that is read, in bytes: a spec with a table in it.
const mostBody = 4 << 20

func (g *Gateway) routes() (http.Handler, error) {
	mux := http.NewServeMux()
	c := huma.DefaultConfig("landfall", g.config.Version)
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks = "/api/v1/openapi", "", "", nil
	c.FieldsOptionalByDefault = true
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[loadgen.Duration](), reflect.TypeFor[int64]())
	c.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[loadgen.Histogram](), reflect.TypeFor[string]())
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	api := humago.New(mux, c)
	api.UseMiddleware(notEmpty(api))
	g.driverRoutes(api)
	g.runRoutes(api)
	g.reportRoutes(api)
	g.healthRoutes(api)
	mux.Handle("GET /metrics", g.metrics())
	mux.HandleFunc("GET /api/v1/live", g.live.socket)
	mux.HandleFunc("GET /api/v1/live/events", g.live.events)
	if err := pageRoutes(mux); err != nil {
		return nil, err
	}
	return g.door.guard(mux), nil
}

// notEmpty refuses parameters without a value: they are somebody's mistake, not a wish for the default.
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

// schemaName tells a report's types from those of the same name that a spec or a state has.
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

// Page is which part of a list is asked for.
type Page struct {
	Limit  int `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Offset int `query:"offset" minimum:"0" default:"0"`
}

// part is that part of a list of n.
func (p Page) part(n int) (from, to int) {
	from = min(p.Offset, n)
	return from, min(n, from+p.Limit)
}
