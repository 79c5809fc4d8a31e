/** MJCF of InvertedPendulum-v5 without its looks; angles in radians, lengths in metres. */
export const invertedPendulumModel = `<mujoco model="inverted pendulum">
  <compiler angle="radian" inertiafromgeom="true"/>
  <option timestep="0.02" integrator="RK4"/>
  <size memory="1M"/>
  <default>
    <joint damping="1"/>
    <geom type="capsule" contype="0" friction="1 0.1 0.1"/>
    <motor gear="100" ctrlrange="-3 3"/>
  </default>
  <worldbody>
    <geom name="rail" quat="0.7071067811865476 0 0.7071067811865476 0" size="0.02 1"/>
    <body name="cart">
      <joint name="slider" type="slide" axis="1 0 0" range="-1 1"/>
      <geom name="cart" quat="0.7071067811865476 0 0.7071067811865476 0" size="0.1 0.1"/>
      <body name="pole">
        <joint name="hinge" axis="0 1 0" range="-1.5707963267948966 1.5707963267948966"/>
        <geom name="cpole" fromto="0 0 0 0.001 0 0.6" size="0.049"/>
      </body>
    </body>
  </worldbody>
  <actuator>
    <motor joint="slider"/>
  </actuator>
</mujoco>
`;
