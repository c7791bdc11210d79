/** Pictures of the demo: no textures, no long loops, so that software painters keep up. */

/** Three curtains of light over a dark horizon; `energy` lifts them, `warmth` turns teal to rose. */
export const AURORA = `// Three curtains of light over a dark horizon.
vec4 render(vec2 uv) {
  float x = uv.x * resolution.x / resolution.y;
  vec3 colour = mix(vec3(0.010, 0.014, 0.030), vec3(0.020, 0.040, 0.070), 1.0 - uv.y);
  vec3 cool = vec3(0.10, 0.75, 0.62);
  vec3 warm = vec3(0.85, 0.30, 0.55);
  for (int i = 0; i < 3; i++) {
    float n = float(i);
    float foot = 0.30 + 0.13 * n + 0.09 * sin(x * 1.6 + time * 0.17 + n * 2.1) + 0.04 * sin(x * 4.1 - time * 0.29 + n);
    float above = uv.y - foot;
    float rays = 0.65 + 0.35 * sin(x * (17.0 + 6.0 * n) + 3.0 * sin(x * 2.3 + time * 0.23) + time * 0.5);
    float light = above > 0.0 ? exp(-above * (7.5 - 4.5 * energy)) : exp(above * 38.0);
    vec3 tint = mix(cool, warm, clamp(warmth + 0.22 * (n - 1.0) + 0.5 * above, 0.0, 1.0));
    colour += tint * light * rays * (0.16 + 0.42 * energy) * (1.0 - 0.2 * n);
  }
  return vec4(colour, 1.0);
}
`;

/** A flower of rings that opens on every beat; drawn additively over the curtains. */
export const BLOOM = `// A flower that opens on every beat.
vec4 render(vec2 uv) {
  vec2 p = (uv - 0.5) * vec2(resolution.x / resolution.y, 1.0);
  float radius = length(p);
  float angle = atan(p.y, p.x) + time * 0.12;
  float petal = cos(angle * 5.0 + 2.0 * sin(time * 0.31));
  float edge = 0.10 + 0.26 * size + (0.03 + 0.09 * petals) * petal + 0.05 * pulse;
  float ring = exp(-abs(radius - edge) * (34.0 - 16.0 * pulse));
  float echo = exp(-abs(radius - edge * 1.45) * 46.0) * 0.4;
  float core = exp(-radius * 11.0) * pulse;
  vec3 colour = mix(vec3(0.95, 0.55, 0.30), vec3(0.45, 0.50, 1.00), clamp(radius * 2.2 - 0.15, 0.0, 1.0));
  vec3 light = colour * (ring * (0.35 + 0.65 * pulse) + echo + 0.6 * core);
  float cover = clamp(max(light.r, max(light.g, light.b)), 0.0, 1.0);
  return vec4(light / max(cover, 0.001), cover);
}
`;
