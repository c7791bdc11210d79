import { createHall } from '/work/wt/a2/test/sim/hall.ts';
const n = Number(process.argv[2] ?? 20); const pause = Number(process.argv[3] ?? 50);
const cpu = () => process.cpuUsage().user / 1e6;
const t0 = cpu();
const hall = createHall({ peers: n, pause });
console.log('joined', hall.world.now(), (cpu() - t0).toFixed(1), 's cpu');
for (let i = 0; i < 30 && !hall.isOneRoom(); i++) { hall.world.pass(1000); 
 if (i%3===0) { const v = hall.world.present().map(({peer}) => peer.room.peers().length); const m = new Set(hall.world.present().map(({peer})=>peer.clock.master()?.slice(0,5)));
 const d = hall.degrees(); console.log((hall.world.now()/1000).toFixed(0), 's', 'views', Math.min(...v), Math.max(...v), 'masters', [...m].join(), 'degree', Math.min(...d), Math.max(...d), (d.reduce((a,b)=>a+b)/d.length).toFixed(1), (cpu()-t0).toFixed(1), 'cpu', 'packets', hall.world.cables.sent.packets); } }
console.log('one room', hall.isOneRoom(), hall.world.now(), (cpu() - t0).toFixed(1), 's cpu');
for (let k = 0; k < 4; k++) {
const p = hall.packets(5000); const d = hall.degrees();
console.log('packets/s', Math.max(...p).toFixed(0), (p.reduce((a,b)=>a+b)/p.length).toFixed(0), 'degree', Math.min(...d), Math.max(...d), (d.reduce((a,b)=>a+b)/d.length).toFixed(1), (cpu() - t0).toFixed(1), 's cpu');
}
