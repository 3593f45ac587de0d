import { useRef, useState } from 'react';

/** React 19 sets properties where the element has them, and listens to any event: `on` and its name. */
export function App() {
  const photo = useRef(null);
  const [file, setFile] = useState(null);
  const [strength, setStrength] = useState(1);
  const [said, setSaid] = useState('');

  return (
    <main>
      <h1>React</h1>
      <p>
        <input
          type="file"
          accept="image/*"
          aria-label="A photo"
          onChange={({ target }) => setFile(target.files[0] ?? null)}
        />
      </p>
      <denoise-image
        ref={photo}
        // React keeps `key` for itself
        site-key="pk_local"
        src="http://localhost:8787/example.jpg"
        alt="A rocket on its pad at dusk"
        width="640"
        height="427"
        file={file}
        strength={strength}
        ondone={({ detail }) => setSaid(`Denoised by ${detail.engine} in ${Math.round(detail.timings.total)} ms`)}
        onerror={({ detail }) => setSaid(detail.message)}
      />
      <p>
        <label>
          Strength{' '}
          <input
            type="range"
            max="1"
            step="0.01"
            value={strength}
            onChange={({ target }) => setStrength(target.valueAsNumber)}
          />
        </label>{' '}
        <button type="button" onClick={() => photo.current.denoise().catch(() => 'onerror hears of it')}>
          Denoise
        </button>
      </p>
      <output>{said}</output>
    </main>
  );
}
