package desk_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// contract routes the vendor's OpenAPI file when it lies beside the repository; else it is nil.
var contract = sync.OnceValues(func() (routers.Router, error) {
	file := contractFile()
	if file == "" {
		return nil, nil
	}
	doc, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		return nil, err
	}
	doc.Servers = openapi3.Servers{{URL: "/"}}
	return gorillamux.NewRouter(doc)
})

func contractFile() string {
	dir, err := os.Getwd()
	for err == nil {
		file := filepath.Join(dir, "shared", "contracts", "zendesk-support-api.yaml")
		if _, err := os.Stat(file); err == nil {
			return file
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
	return ""
}

// outside lists what the file does not describe: the APIs of webhooks and apps, OAuth, file contents, and paths whose pieces its
// merge lost.
func outside(path string) bool {
	for _, p := range []string{
		"/oauth/", "/attachments/", "/api/v2/webhooks", "/api/v2/oauth/", "/api/v2/user_fields", "/api/v2/apps/",
	} {
		if strings.HasPrefix(path, p) {
			return true
		}
	}
	return false
}

// checkContract fails when a success is not one that the file describes for its path and method.
func checkContract(t *testing.T, r *http.Request, status int) {
	t.Helper()
	path := strings.TrimSuffix(r.URL.Path, ".json")
	if status >= 300 || r.Method == http.MethodHead || outside(path) {
		return
	}
	router, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	if router == nil {
		t.Log("the contract file is not here: not checked")
		return
	}
	asked := r.Clone(t.Context())
	asked.URL.Path = path
	route, _, err := router.FindRoute(asked)
	if err != nil {
		if !lost(path) {
			t.Errorf("%s %s is not in the contract: %v", r.Method, path, err)
		}
		return
	}
	if route.Operation.Responses.Status(status) == nil {
		t.Errorf("%s %s: the contract has no status %d", r.Method, path, status)
	}
}

// lost tells the nested lists that the merged file misses, though Zendesk documents them.
func lost(path string) bool {
	for _, end := range []string{
		"/requested", "/requested/count", "/assigned", "/assigned/count", "/ccd", "/users", "/memberships", "/group_memberships",
		"/groups", "/organizations", "/organization_memberships", "/tickets", "/tickets/count",
	} {
		if strings.HasSuffix(path, end) && strings.Count(path, "/") > 3 {
			return true
		}
	}
	return false
}
