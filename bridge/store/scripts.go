package store

import (
	_ "embed"

	"github.com/redis/go-redis/v9"
)

var (
	//go:embed lua/park.lua
	parkSource string
	//go:embed lua/unpark.lua
	unparkSource string
	//go:embed lua/lock.lua
	lockSource string
	//go:embed lua/unlock.lua
	unlockSource string
	//go:embed lua/cas.lua
	casSource string
	//go:embed lua/cad.lua
	cadSource string
	//go:embed lua/budget.lua
	budgetSource string
	//go:embed lua/reserve.lua
	reserveSource string
	//go:embed lua/pace.lua
	paceSource string
	//go:embed lua/pause.lua
	pauseSource string
	//go:embed lua/observe.lua
	observeSource string
	//go:embed lua/observe_updates.lua
	observeUpdatesSource string
	//go:embed lua/count.lua
	countSource string
	//go:embed lua/stats.lua
	statsSource string
	//go:embed lua/keep.lua
	keepSource string
)

// script makes a script whose source is cached on the server by its hash.
func script(source string) *redis.Script { return redis.NewScript(source) }
