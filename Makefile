# Other names for the npm scripts; `make test ARGS=packages/cli` passes arguments on.
ARGS ?=

.PHONY: start test check bench docs

start:
	npm start -- $(ARGS)

test:
	npm test -- $(ARGS)

check:
	npm run check

bench:
	npm run bench -- $(or $(ARGS),pipeline)

docs:
	npm run pokewatch -- docs --write
