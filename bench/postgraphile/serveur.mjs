// PostGraphile 5, its Amber preset, one process; the role and the viewer are told to PostgreSQL, whose policies decide.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import pg from "pg";
import { postgraphile } from "postgraphile";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const kept = new Map(); // who asks, remembered for half a second as ours does

async function qui(authorization) {
  const key = createHash("sha256").update((authorization ?? "").slice(7)).digest();
  const name = key.toString("hex");
  const found = kept.get(name);
  if (found && performance.now() < found[0]) return found[1];
  const { rows } = await pool.query({ name: "jeton", text: process.env.JETON, values: [key, new Date()] });
  if (!rows.length) throw new Error("jeton inconnu");
  const row = rows[0];
  kept.set(name, [performance.now() + 500, row]);
  return row;
}

const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ pool, schemas: ["public"] })],
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false, maxRequestLength: 1_000_000 },
  grafast: {
    explain: false,
    async context(ctx) {
      const row = await qui(ctx.node?.req.headers.authorization);
      return {
        pgSettings: {
          role: "banc_lecteur",
          "banc.compte": String(row.compte_id),
          "banc.structure": String(row.structure_id),
          "banc.profil": row.profil,
        },
      };
    },
  },
};

const pgl = postgraphile(preset);
const server = createServer();
const serv = pgl.createServ(grafserv);
await serv.addTo(server);
server.listen(Number(process.env.PORT), "127.0.0.1");
