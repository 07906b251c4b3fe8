package cli

import (
	"go/ast"
	"go/doc"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// bracketed matches doc links.
var bracketed = regexp.MustCompile(`\[(\*?[A-Z]\w*(\.[A-Z]\w*)?|\*?[a-z]\w*\.[A-Z]\w*(\.[A-Z]\w*)?|landfall/[\w/]+)\]`)

// Every [Name] in a doc comment resolves.
func TestDocLinks(t *testing.T) {
	packages := parsePackages(t, "..")
	for path, p := range packages {
		for _, text := range docTexts(p) {
			for _, block := range p.Parser().Parse(text).Content {
				checkBlock(t, packages, path, block)
			}
		}
	}
}

func parsePackages(t *testing.T, root string) map[string]*doc.Package {
	t.Helper()
	packages := map[string]*doc.Package{}
	err := filepath.WalkDir(root, func(dir string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if name := entry.Name(); name != ".." && (strings.HasPrefix(name, ".") || name == "testdata") {
			return fs.SkipDir
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			return err
		}
		path := "landfall"
		if rest, _ := filepath.Rel(root, dir); rest != "." {
			path += "/" + filepath.ToSlash(rest)
		}
		set, parsed := token.NewFileSet(), []*ast.File{}
		for _, file := range files {
			f, err := parser.ParseFile(set, file, nil, parser.ParseComments)
			if err != nil {
				return err
			}
			if !strings.HasSuffix(file, "_test.go") {
				parsed = append(parsed, f)
			}
		}
		if len(parsed) > 0 {
			packages[path], err = doc.NewFromFiles(set, parsed, path, doc.AllDecls|doc.PreserveAST)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return packages
}

// docTexts returns the doc comments of a package, including those of fields and interface methods.
func docTexts(p *doc.Package) []string {
	texts := []string{p.Doc}
	values := func(list []*doc.Value) {
		for _, v := range list {
			texts = append(texts, v.Doc)
		}
	}
	funcs := func(list []*doc.Func) {
		for _, f := range list {
			texts = append(texts, f.Doc)
		}
	}
	values(p.Consts)
	values(p.Vars)
	funcs(p.Funcs)
	for _, typ := range p.Types {
		texts = append(texts, typ.Doc)
		values(typ.Consts)
		values(typ.Vars)
		funcs(typ.Funcs)
		funcs(typ.Methods)
		ast.Inspect(typ.Decl, func(n ast.Node) bool {
			if field, ok := n.(*ast.Field); ok && field.Doc != nil {
				texts = append(texts, field.Doc.Text())
			}
			return true
		})
	}
	return texts
}

func checkBlock(t *testing.T, packages map[string]*doc.Package, path string, block comment.Block) {
	switch b := block.(type) {
	case *comment.Paragraph:
		checkText(t, packages, path, b.Text)
	case *comment.Heading:
		checkText(t, packages, path, b.Text)
	case *comment.List:
		for _, item := range b.Items {
			for _, inner := range item.Content {
				checkBlock(t, packages, path, inner)
			}
		}
	}
}

func checkText(t *testing.T, packages map[string]*doc.Package, path string, texts []comment.Text) {
	for _, text := range texts {
		switch x := text.(type) {
		case comment.Plain:
			for _, name := range bracketed.FindAllString(string(x), -1) {
				t.Errorf("%s: %s: no such name here (…%.80s)", path, name, x)
			}
		case *comment.DocLink:
			if p := packages[x.ImportPath]; x.Name != "" && p != nil && !declares(p, x.Recv, x.Name) {
				t.Errorf("%s: [%s.%s]: no such name", path, x.ImportPath, x.Name)
			}
			if strings.HasPrefix(x.ImportPath, "landfall") && packages[x.ImportPath] == nil {
				t.Errorf("%s: [%s]: no such package", path, x.ImportPath)
			}
		}
	}
}

// declares reports whether a package has a name or, with a receiver, a type has a method or field of that
// name.
func declares(p *doc.Package, receiver, name string) bool {
	return p.Parser().LookupSym(receiver, name) || hasField(p, receiver, name)
}

func hasField(p *doc.Package, typ, name string) (found bool) {
	for _, t := range p.Types {
		if t.Name != typ {
			continue
		}
		ast.Inspect(t.Decl, func(n ast.Node) bool {
			if field, ok := n.(*ast.Field); ok {
				for _, id := range field.Names {
					found = found || id.Name == name
				}
			}
			return true
		})
	}
	return found
}
